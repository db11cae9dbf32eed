namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>
/// Derives the merges of a BPE model, which SentencePiece files do not store: all ways to form a piece from two others, ordered by the priority of
/// the resulting pieces.
/// </summary>
internal static class PieceMerges
{
    /// <summary>
    /// Returns the merges that produce the pieces with the given <paramref name="ids"/>, in that order; for each piece, the shortest left part first.
    /// </summary>
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
