namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>The merge loop of BPE: repeatedly merges the pair of adjacent symbols with the lowest rank, the leftmost first, until no pair is left.</summary>
internal static class Merging
{
    // Below this number of symbols, a linear search is faster than a priority queue.
    private const int FewSymbols = 40;

    /// <summary>Merges symbols in place and returns the number that are left.</summary>
    public static int MergeAll(Span<Symbol> symbols, MergeTable merges)
    {
        if (symbols.Length < 2)
            return symbols.Length;
        return symbols.Length <= FewSymbols ? MergeFew(symbols, merges) : MergeMany(symbols, merges);
    }

    private static int MergeFew(Span<Symbol> symbols, MergeTable merges)
    {
        Span<long> pairs = stackalloc long[FewSymbols];
        var count = symbols.Length;
        for (var i = 0; i < count - 1; i++)
            pairs[i] = merges.Find(symbols[i].Id, symbols[i + 1].Id);
        while (true)
        {
            var (first, best) = (0, MergeTable.None);
            for (var i = 0; i < count - 1; i++)
            {
                if (pairs[i] < best)
                    (first, best) = (i, pairs[i]);
            }
            if (best == MergeTable.None)
                return count;
            symbols[first].Id = MergeTable.Merged(best);
            symbols[first].Bytes += symbols[first + 1].Bytes;
            symbols[(first + 2)..count].CopyTo(symbols[(first + 1)..]);
            count--;
            if (first < count - 1)
            {
                pairs[(first + 2)..count].CopyTo(pairs[(first + 1)..]);
                pairs[first] = merges.Find(symbols[first].Id, symbols[first + 1].Id);
            }
            if (first > 0)
                pairs[first - 1] = merges.Find(symbols[first - 1].Id, symbols[first].Id);
        }
    }

    private static int MergeMany(Span<Symbol> symbols, MergeTable merges)
    {
        var queue = new PriorityQueue<(int Position, int Merged), ulong>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i].Previous = i - 1;
            symbols[i].Next = i + 1 < symbols.Length ? i + 1 : -1;
            Enqueue(symbols, i, merges, queue);
        }
        while (queue.TryDequeue(out var entry, out _))
        {
            ref var left = ref symbols[entry.Position];
            if (left.Bytes == 0 || left.Next < 0)
                continue;
            ref var right = ref symbols[left.Next];
            // The entry is stale if one of the two symbols has been merged since.
            if (merges.Find(left.Id, right.Id) is var merge && (merge == MergeTable.None || MergeTable.Merged(merge) != entry.Merged))
                continue;
            left.Id = entry.Merged;
            left.Bytes += right.Bytes;
            right.Bytes = 0;
            left.Next = right.Next;
            if (right.Next >= 0)
                symbols[right.Next].Previous = entry.Position;
            if (left.Previous >= 0)
                Enqueue(symbols, left.Previous, merges, queue);
            Enqueue(symbols, entry.Position, merges, queue);
        }
        var count = 0;
        foreach (var symbol in symbols)
        {
            if (symbol.Bytes > 0)
                symbols[count++] = symbol;
        }
        return count;
    }

    private static void Enqueue(
        Span<Symbol> symbols, int position, MergeTable merges, PriorityQueue<(int Position, int Merged), ulong> queue)
    {
        var next = symbols[position].Next;
        if (next < 0)
            return;
        var merge = merges.Find(symbols[position].Id, symbols[next].Id);
        if (merge != MergeTable.None)
            queue.Enqueue((position, MergeTable.Merged(merge)), ((ulong)MergeTable.Rank(merge) << 32) | (uint)position);
    }
}
