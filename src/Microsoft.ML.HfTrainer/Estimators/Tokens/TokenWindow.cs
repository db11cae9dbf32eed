using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>A part of a row of tokens that a model has positions for, with the special tokens, and the first text of a pair, of the whole row.</summary>
/// <param name="Tokens">The tokens of the window, with the word ids and so on of the row.</param>
/// <param name="Places">The index in the row of each token of the window.</param>
internal sealed record TokenWindow(TokenSequence Tokens, int[] Places)
{
    /// <summary>Cuts the last text of a row into overlapping windows; a row that fits is one window.</summary>
    /// <param name="row">The tokens, with their <see cref="TokenSequence.SequenceIds"/>.</param>
    /// <param name="maxLength">The maximum length of a window in tokens, including those around the text.</param>
    /// <param name="stride">The number of tokens that a window repeats from the one before.</param>
    /// <exception cref="ArgumentException">The tokens around the text and the stride leave no room for the text.</exception>
    public static IReadOnlyList<TokenWindow> Cut(TokenSequence row, int maxLength, int stride)
    {
        if (row.Length <= maxLength)
            return [new TokenWindow(row, [.. Enumerable.Range(0, row.Length)])];
        var sequences = row.SequenceIds.Span;
        var last = 0;
        foreach (var sequence in sequences)
            last = Math.Max(last, sequence);
        var (first, end) = (sequences.IndexOf(last), sequences.LastIndexOf(last) + 1);
        var (around, room) = (row.Length - (end - first), maxLength - (row.Length - (end - first)));
        if (room <= stride)
            throw new ArgumentException(
                $"Windows of {maxLength} tokens leave {(room > 0 ? $"room for {room} tokens of the text" : "no room for the text")} beside the {around} of {(last > 0 ? "the question and " : "")}special tokens; that should be more than the stride, {stride}.");
        var windows = new List<TokenWindow>();
        for (var start = first; start == first || start + stride < end; start += room - stride)
            windows.Add(Take(row, [.. Enumerable.Range(0, first), .. Enumerable.Range(start, Math.Min(room, end - start)), .. Enumerable.Range(end, row.Length - end)]));
        return windows;
    }

    private static TokenWindow Take(TokenSequence row, int[] places) => new(
        new TokenSequence(Pick(row.Ids, places), Pick(row.TypeIds, places), Pick(row.Mask, places))
        {
            WordIds = Pick(row.WordIds, places),
            SequenceIds = Pick(row.SequenceIds, places),
            Offsets = row.Offsets.IsEmpty ? default : Pick(row.Offsets, [.. places.SelectMany(place => new[] { 2 * place, (2 * place) + 1 })]),
        },
        places);

    private static ReadOnlyMemory<int> Pick(ReadOnlyMemory<int> values, int[] places) =>
        values.IsEmpty ? default(ReadOnlyMemory<int>) : Array.ConvertAll(places, place => values.Span[place]);
}
