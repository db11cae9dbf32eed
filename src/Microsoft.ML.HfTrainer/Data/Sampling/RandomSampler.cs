using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

/// <summary>A permutation drawn anew for each epoch from a generator of its own, seeded <c>seed + epoch</c> as the original's seedable sampler.</summary>
/// <param name="count">The number of examples.</param>
/// <param name="seed">The seed of epoch 0.</param>
public sealed class RandomSampler(int count, long seed) : Sampler
{
    /// <inheritdoc/>
    public override int Count { get; } = count;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch) => Permutation.Seeded(Count, seed + epoch);
}
