namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>
/// The merges of a BPE model, which its file does not hold: every way in which a piece is two others, the pieces in the order in which
/// they are to be made.
/// </summary>
internal static class PieceMerges
{
    /// <summary>The merges of the pieces at <paramref name="ids"/>, in that order; the shortest left part of a piece first.</summary>
    public static List<(string Left, string Right)> Of(IReadOnlyList<Piece> pieces, IEnumerable<int> ids)
    {
        var order = ids.ToList();
        var known = order.Select(id => pieces[id].Text).ToHashSet(StringComparer.Ordinal);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(string, string)>();
        foreach (var id in order)
        {
            var piece = pieces[id].Text;
            for (var at = 1; at < piece.Length; at++)
            {
                if (!char.IsSurrogatePair(piece[at - 1], piece[at])
                    && lookup.TryGetValue(piece.AsSpan(0, at), out var left) && lookup.TryGetValue(piece.AsSpan(at), out var right))
                {
                    merges.Add((left, right));
                }
            }
        }
        return merges;
    }
}
