using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>
/// Counts the n-grams of sequences that are to be compared. An n-gram is identified by the number of its prefix and its last item, so that equal n-grams of all sequences have
/// the same number.
/// </summary>
internal sealed class NGramCounter
{
    private const int Nothing = -1;

    private readonly Dictionary<(int Start, int Last), int> _numbers = [];
    private readonly Dictionary<string, int> _words = [];

    /// <summary>Returns the items of words.</summary>
    public int[] Items(IReadOnlyList<string> words)
    {
        var items = new int[words.Count];
        for (var i = 0; i < items.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, words[i], out var known);
            if (!known)
                number = _words.Count;
            items[i] = number;
        }
        return items;
    }

    /// <summary>Counts the n-grams of each order, from 1.</summary>
    public Dictionary<int, int>[] Count(ReadOnlySpan<int> items, int maxOrder)
    {
        var counts = new Dictionary<int, int>[maxOrder];
        var grams = new int[items.Length];
        Array.Fill(grams, Nothing);
        for (var order = 1; order <= maxOrder; order++)
        {
            var count = counts[order - 1] = new(Math.Max(0, items.Length - order + 1));
            for (var i = 0; i + order <= items.Length; i++)
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, (grams[i], items[i + order - 1]), out var known);
                if (!known)
                    number = _numbers.Count;
                grams[i] = number;
                CollectionsMarshal.GetValueRefOrAddDefault(count, number, out _)++;
            }
        }
        return counts;
    }

    /// <summary>Returns the number of n-grams that both have in common.</summary>
    public static int Matches(Dictionary<int, int> a, Dictionary<int, int> b)
    {
        var matches = 0;
        foreach (var (gram, count) in a)
            matches += Math.Min(count, b.GetValueOrDefault(gram));
        return matches;
    }

    /// <summary>Clears all items, before sequences that are not compared with the earlier ones.</summary>
    public void Clear()
    {
        _numbers.Clear();
        _words.Clear();
    }
}
