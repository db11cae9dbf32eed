namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>
/// Cuts examples, sorted from long to short, into groups of near-equal cost, by moving one example after the other from the dearest group to the cheapest
/// until that brings nothing more.
/// </summary>
/// <param name="lengths">Lengths, falling.</param>
/// <param name="groups">How many groups to make.</param>
/// <param name="slot">How many groups are computed at the same time, one a process.</param>
internal sealed class CostBalance(int[] lengths, int groups, int slot)
{
    // The share of attention, whose cost grows with the square of the length.
    private const double AttentionCost = 0.001;

    /// <summary>The sizes of the groups with the least spread in cost that so many attempts find; each has one example at least.</summary>
    public int[] Sizes(int attempts)
    {
        var sizes = Enumerable.Range(0, groups).Select(i => lengths.Length / groups + (i < lengths.Length % groups ? 1 : 0)).ToArray();
        var (best, leastSpread) = ((int[])sizes.Clone(), double.PositiveInfinity);
        var (settled, seen) = (new HashSet<int>(), new HashSet<string>());
        for (var attempt = 0; attempt < attempts && seen.Add(string.Join(' ', sizes)); attempt++)
        {
            var costs = Costs(sizes);
            var open = Enumerable.Range(0, groups).Where(i => !settled.Contains(i)).ToList();
            if (open.Count <= 1)
                break;
            var (dearest, cheapest) = (open.MaxBy(i => costs[i]), open.MinBy(i => costs[i]));
            var spread = costs[dearest] - costs[cheapest];
            if (spread < leastSpread)
                (best, leastSpread) = ((int[])sizes.Clone(), spread);
            if (spread == 0)
                break;
            if (sizes[dearest] > 1)
                (sizes[dearest], sizes[cheapest]) = (sizes[dearest] - 1, sizes[cheapest] + 1);
            else
                Settle(dearest, costs, sizes, settled);
        }
        return best;
    }

    /// <summary>The cost of each group of these sizes.</summary>
    public double[] Costs(int[] sizes)
    {
        var start = 0;
        return Array.ConvertAll(sizes, size =>
        {
            var longest = start < lengths.Length ? lengths[start] : 0;
            start += size;
            return Cost(size, longest);
        });
    }

    private static double Cost(int size, int longest) => (double)size * longest + AttentionCost * size * longest * longest;

    // A group of one example cannot become cheaper. What is computed beside it may become as dear, which relieves the groups that are still open.
    private void Settle(int dearest, double[] costs, int[] sizes, HashSet<int> settled)
    {
        var ranked = Enumerable.Range(0, groups).OrderByDescending(i => costs[i]).ToList();
        var beside = ranked.Skip(ranked.IndexOf(dearest) / slot * slot).Take(slot).ToHashSet();
        foreach (var group in beside.Where(i => i != dearest && !settled.Contains(i)))
        {
            while (Cost(sizes[group] + 1, lengths[sizes.Take(group).Sum()]) <= costs[dearest])
            {
                var now = Costs(sizes);
                var givers = Enumerable.Range(0, groups).Where(i => !settled.Contains(i) && !beside.Contains(i) && sizes[i] > 1).ToList();
                if (givers.Count == 0)
                    break;
                var giver = givers.MinBy(i => now[i]);
                (sizes[group], sizes[giver]) = (sizes[group] + 1, sizes[giver] - 1);
            }
        }
        settled.UnionWith(beside);
    }
}
