using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>The algorithm of a SentencePiece model.</summary>
internal enum PieceAlgorithm
{
    /// <summary>The most probable segmentation under a unigram language model (Kudo, 2018).</summary>
    Unigram = 1,

    /// <summary>Byte-pair encoding (Sennrich et al., 2016).</summary>
    Bpe = 2,

    /// <summary>Whole words.</summary>
    Word = 3,

    /// <summary>Single characters.</summary>
    Character = 4,
}

/// <summary>The training settings of a SentencePiece model (<c>TrainerSpec</c>), with the defaults of the format.</summary>
internal sealed record TrainerSpecification
{
    /// <summary>The tokenization algorithm.</summary>
    public PieceAlgorithm Algorithm { get; init; } = PieceAlgorithm.Unigram;

    /// <summary>true to encode a character that no piece covers as its bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>true if a space belongs to the word before it rather than the word after it.</summary>
    public bool WhitespaceAsSuffix { get; init; }

    /// <summary>The text that decoding produces for the unknown piece.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>The unknown piece.</summary>
    public string UnknownPiece { get; init; } = "<unk>";

    /// <summary>The beginning-of-sequence piece, or null if the model has none.</summary>
    public string? BeginPiece => BeginId < 0 ? null : BeginText;

    /// <summary>The end-of-sequence piece, or null if the model has none.</summary>
    public string? EndPiece => EndId < 0 ? null : EndText;

    /// <summary>The padding piece, or null if the model has none.</summary>
    public string? PadPiece => PadId < 0 ? null : PadText;

    private int BeginId { get; init; } = 1;

    private int EndId { get; init; } = 2;

    private int PadId { get; init; } = -1;

    private string BeginText { get; init; } = "<s>";

    private string EndText { get; init; } = "</s>";

    private string PadText { get; init; } = "<pad>";

    /// <summary>Reads a message; fields that it lacks keep their values of <paramref name="specification"/>.</summary>
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
