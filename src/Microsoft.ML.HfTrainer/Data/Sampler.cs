using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The order in which an epoch goes through a dataset.</summary>
public abstract class Sampler
{
    /// <summary>Indices of examples, in the order of that epoch (from 0).</summary>
    public abstract IReadOnlyList<int> Order(int epoch);
}

/// <summary>The order of the dataset, in every epoch.</summary>
/// <param name="count">The number of examples.</param>
public sealed class SequentialSampler(int count) : Sampler
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch) => [.. Enumerable.Range(0, count)];
}

/// <summary>A permutation drawn anew for each epoch from a generator of its own, seeded <c>seed + epoch</c> as the original's seedable sampler.</summary>
/// <param name="count">The number of examples.</param>
/// <param name="seed">The seed of epoch 0.</param>
public sealed class RandomSampler(int count, long seed) : Sampler
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch)
    {
        using var generator = new Generator((ulong)(seed + epoch));
        using var permutation = randperm(count, ScalarType.Int64, generator: generator);
        return Array.ConvertAll(permutation.data<long>().ToArray(), i => (int)i);
    }
}
