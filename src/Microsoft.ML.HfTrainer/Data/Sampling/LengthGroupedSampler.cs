using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A random order in which neighbours have about the same length, so that batches need little padding: a permutation, cut into long runs that are sorted by
/// length. The longest example comes first, so that memory that does not suffice shows at once.
/// </summary>
/// <param name="lengths">The length of each example.</param>
/// <param name="window">The examples that are to be alike: those of an update. A run holds up to 50 windows.</param>
/// <param name="seed">Permutes by a generator seeded <c>seed + epoch</c>; null: by the global generator, as the original does in training.</param>
public sealed class LengthGroupedSampler(IReadOnlyList<int> lengths, int window, long? seed = null) : Sampler
{
    private const int MostWindows = 50, FewestRuns = 4;

    /// <inheritdoc/>
    public override int Count => lengths.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch)
    {
        var permutation = seed is { } own ? Permutation.Seeded(Count, own + epoch) : Permutation.Global(Count);
        var windows = Math.Clamp(Count / (FewestRuns * window), 1, MostWindows);
        var runs = permutation.Chunk(windows * window).Select(run => run.OrderByDescending(i => lengths[i]).ToArray()).ToList();
        if (runs.MaxBy(run => lengths[run[0]]) is { } longest)
            (runs[0][0], longest[0]) = (longest[0], runs[0][0]);
        return [.. runs.SelectMany(run => run)];
    }
}
