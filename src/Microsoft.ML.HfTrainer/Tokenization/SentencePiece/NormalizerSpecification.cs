using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>The normalization of a SentencePiece model (<c>NormalizerSpec</c>), with the defaults of the format.</summary>
internal sealed record NormalizerSpecification
{
    /// <summary>The replacement table; empty if there is none.</summary>
    public byte[] Charsmap { get; init; } = [];

    /// <summary>true to prepend a space to the text.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>true to strip spaces at the ends and collapse runs of spaces.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>true to replace each space by the SentencePiece space symbol ▁ (U+2581).</summary>
    public bool EscapeWhitespaces { get; init; } = true;

    /// <summary>Reads a message; fields that it lacks keep their values of <paramref name="specification"/>.</summary>
    public static NormalizerSpecification Read(ProtobufReader message, NormalizerSpecification specification)
    {
        while (message.Read())
        {
            specification = message.Field switch
            {
                2 => specification with { Charsmap = message.AsBytes().ToArray() },
                3 => specification with { AddDummyPrefix = message.AsFlag() },
                4 => specification with { RemoveExtraWhitespaces = message.AsFlag() },
                5 => specification with { EscapeWhitespaces = message.AsFlag() },
                _ => specification,
            };
        }
        return specification;
    }
}
