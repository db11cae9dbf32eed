namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>A piece of a template: one of the sequences, or special tokens.</summary>
/// <param name="Sequence">0 or 1 for the first or second sequence, -1 for special tokens.</param>
/// <param name="TypeId">The token type of what the piece stands for.</param>
/// <param name="OverflowTypeId">The token type of those parts of a sequence that truncation cut off.</param>
/// <param name="Ids">The ids of special tokens.</param>
internal readonly record struct TemplatePiece(int Sequence, int TypeId, int OverflowTypeId, int[] Ids)
{
    public static TemplatePiece Text(int sequence, int typeId) => Text(sequence, typeId, typeId);

    public static TemplatePiece Text(int sequence, int typeId, int overflowTypeId) => new(sequence, typeId, overflowTypeId, []);

    public static TemplatePiece Special(int typeId, params int[] ids) => new(-1, typeId, typeId, ids);
}

/// <summary>How sequences and special tokens make up an encoding.</summary>
internal sealed class TokenTemplate(IReadOnlyList<TemplatePiece> pieces)
{
    public TemplatePiece[] Pieces { get; } = [.. pieces];

    /// <summary>How many special tokens the template adds.</summary>
    public int AddedTokens { get; } = pieces.Sum(piece => piece.Ids.Length);
}
