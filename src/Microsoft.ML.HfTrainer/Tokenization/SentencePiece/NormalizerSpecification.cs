using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>What a SentencePiece model does to a text before it is cut (<c>NormalizerSpec</c>); the defaults are those of the format.</summary>
internal sealed record NormalizerSpecification
{
    /// <summary>The table of replacements; empty where there is none.</summary>
    public byte[] Charsmap { get; init; } = [];

    /// <summary>Whether a space is put before the text.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends are dropped and runs of them become one.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>Whether a space is written ▁.</summary>
    public bool EscapeWhitespaces { get; init; } = true;

    /// <summary>Reads a message over what <paramref name="specification"/> says already.</summary>
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
