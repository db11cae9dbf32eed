namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>A piece of a template: one of the sequences, or special tokens.</summary>
/// <param name="Sequence">0 or 1 for the first or second sequence, -1 for special tokens.</param>
/// <param name="TypeId">The token type id of the piece.</param>
/// <param name="OverflowTypeId">The token type id of the overflowing parts of a sequence.</param>
/// <param name="Ids">The ids of special tokens.</param>
internal readonly record struct TemplatePiece(int Sequence, int TypeId, int OverflowTypeId, int[] Ids)
{
    public static TemplatePiece Text(int sequence, int typeId) => Text(sequence, typeId, typeId);

    public static TemplatePiece Text(int sequence, int typeId, int overflowTypeId) => new(sequence, typeId, overflowTypeId, []);

    public static TemplatePiece Special(int typeId, params int[] ids) => new(-1, typeId, typeId, ids);
}

/// <summary>A template: the order of sequences and special tokens in an encoding.</summary>
internal sealed class TokenTemplate(IReadOnlyList<TemplatePiece> pieces)
{
    public TemplatePiece[] Pieces { get; } = [.. pieces];

    /// <summary>The number of special tokens that the template adds.</summary>
    public int AddedTokens { get; } = pieces.Sum(piece => piece.Ids.Length);
}
