namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>
/// Splits examples, sorted by descending length, into groups of about equal cost, by repeatedly moving one example from the most expensive group to the cheapest
/// one until the spread no longer decreases.
/// </summary>
/// <param name="lengths">The lengths in descending order.</param>
/// <param name="groups">The number of groups.</param>
/// <param name="slot">The number of groups that are computed concurrently, one per process.</param>
internal sealed class CostBalance(int[] lengths, int groups, int slot)
{
    // The weight of attention, whose cost grows with the square of the length.
    private const double AttentionCost = 0.001;

    /// <summary>Returns the sizes of the groups with the smallest spread in cost found within a number of attempts. Each group has at least one example.</summary>
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
            var (costliest, cheapest) = (open.MaxBy(i => costs[i]), open.MinBy(i => costs[i]));
            var spread = costs[costliest] - costs[cheapest];
            if (spread < leastSpread)
                (best, leastSpread) = ((int[])sizes.Clone(), spread);
            if (spread == 0)
                break;
            if (sizes[costliest] > 1)
                (sizes[costliest], sizes[cheapest]) = (sizes[costliest] - 1, sizes[cheapest] + 1);
            else
                Settle(costliest, costs, sizes, settled);
        }
        return best;
    }

    /// <summary>Returns the costs of groups of the given sizes.</summary>
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

    // A group of one example cannot become cheaper. Groups that are computed concurrently with it may become as expensive, which relieves the other groups.
    private void Settle(int costliest, double[] costs, int[] sizes, HashSet<int> settled)
    {
        var ranked = Enumerable.Range(0, groups).OrderByDescending(i => costs[i]).ToList();
        var beside = ranked.Skip(ranked.IndexOf(costliest) / slot * slot).Take(slot).ToHashSet();
        foreach (var group in beside.Where(i => i != costliest && !settled.Contains(i)))
        {
            while (Cost(sizes[group] + 1, lengths[sizes.Take(group).Sum()]) <= costs[costliest])
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
