using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Samples examples in a random order in which neighbors have similar lengths, so that batches need little padding: a permutation is split into long runs, each sorted by
/// length. The longest example comes first, so that insufficient memory shows immediately.
/// </summary>
/// <param name="lengths">The length of each example.</param>
/// <param name="window">The number of examples per update. A run has up to 50 times as many.</param>
/// <param name="seed">The seed of the permutation, to which the epoch is added. If null, the global generator is used, as in Hugging Face training. Default: null.</param>
public sealed class LengthGroupedSampler(IReadOnlyList<int> lengths, int window, long? seed = null) : Sampler
{
    private const int MostWindows = 50, FewestRuns = 4;

    private readonly int _window = window >= 1 ? window : throw new ArgumentOutOfRangeException(nameof(window), window, $"The window is {window} examples; it should be at least 1.");

    /// <inheritdoc/>
    public override int Count => lengths.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch)
    {
        var permutation = seed is { } own ? Permutation.Seeded(Count, own + epoch) : Permutation.Global(Count);
        var windows = (int)Math.Clamp(Count / ((long)FewestRuns * _window), 1, MostWindows);
        var runs = permutation.Chunk((int)Math.Min((long)windows * _window, int.MaxValue)).Select(run => run.OrderByDescending(i => lengths[i]).ToArray()).ToList();
        if (runs.MaxBy(run => lengths[run[0]]) is { } longest)
            (runs[0][0], longest[0]) = (longest[0], runs[0][0]);
        return [.. runs.SelectMany(run => run)];
    }
}
