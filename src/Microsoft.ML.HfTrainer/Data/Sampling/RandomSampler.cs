using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Samples examples in a random order, with a new permutation for each epoch from a separate generator, seeded with <c>seed + epoch</c> like the
/// <c>SeedableRandomSampler</c> of Hugging Face Accelerate.
/// </summary>
/// <param name="count">The number of examples.</param>
/// <param name="seed">The seed of the permutation of epoch 0, to which the epoch is added.</param>
public sealed class RandomSampler(int count, long seed) : Sampler
{
    /// <inheritdoc/>
    public override int Count { get; } = count;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch) => Permutation.Seeded(Count, seed + epoch);
}
