using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>How a SentencePiece model cuts text.</summary>
internal enum PieceAlgorithm
{
    /// <summary>The most probable pieces (Kudo, 2018).</summary>
    Unigram = 1,

    /// <summary>Pairs merged by rank (Sennrich et al., 2016).</summary>
    Bpe = 2,

    /// <summary>Whole words.</summary>
    Word = 3,

    /// <summary>Single characters.</summary>
    Character = 4,
}

/// <summary>What a SentencePiece model says of itself (<c>TrainerSpec</c>); the defaults are those of the format.</summary>
internal sealed record TrainerSpecification
{
    /// <summary>The algorithm.</summary>
    public PieceAlgorithm Algorithm { get; init; } = PieceAlgorithm.Unigram;

    /// <summary>Whether a character that no piece covers becomes its bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a space is the end of the word before it and not the beginning of the next.</summary>
    public bool WhitespaceAsSuffix { get; init; }

    /// <summary>What decoding writes for an unknown piece.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>The piece that stands for what no piece covers.</summary>
    public string UnknownPiece { get; init; } = "<unk>";

    /// <summary>The piece at the beginning of a text; null where the model has none.</summary>
    public string? BeginPiece => BeginId < 0 ? null : BeginText;

    /// <summary>The piece at the end of a text; null where the model has none.</summary>
    public string? EndPiece => EndId < 0 ? null : EndText;

    /// <summary>The piece that fills texts up; null where the model has none.</summary>
    public string? PadPiece => PadId < 0 ? null : PadText;

    private int BeginId { get; init; } = 1;

    private int EndId { get; init; } = 2;

    private int PadId { get; init; } = -1;

    private string BeginText { get; init; } = "<s>";

    private string EndText { get; init; } = "</s>";

    private string PadText { get; init; } = "<pad>";

    /// <summary>Reads a message over what <paramref name="specification"/> says already.</summary>
    public static TrainerSpecification Read(ProtobufReader message, TrainerSpecification specification)
    {
        while (message.Read())
        {
            specification = message.Field switch
            {
                3 => specification with { Algorithm = (PieceAlgorithm)message.AsInt32() },
                24 => specification with { WhitespaceAsSuffix = message.AsFlag() },
                35 => specification with { ByteFallback = message.AsFlag() },
                41 => specification with { BeginId = message.AsInt32() },
                42 => specification with { EndId = message.AsInt32() },
                43 => specification with { PadId = message.AsInt32() },
                44 => specification with { UnknownSurface = message.AsText() },
                45 => specification with { UnknownPiece = message.AsText() },
                46 => specification with { BeginText = message.AsText() },
                47 => specification with { EndText = message.AsText() },
                48 => specification with { PadText = message.AsText() },
                _ => specification,
            };
        }
        return Enum.IsDefined(specification.Algorithm)
            ? specification
            : throw new InvalidDataException($"its trainer_spec.model_type is {(int)specification.Algorithm}; the types are 1 to 4");
    }
}
