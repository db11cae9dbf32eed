namespace Microsoft.ML.HfTrainer;

/// <summary>The order in which an epoch goes through a dataset, and how it is cut into batches.</summary>
public abstract class Sampler
{
    /// <summary>How many indices an order has.</summary>
    public abstract int Count { get; }

    /// <summary>Indices of examples, in the order of that epoch (from 0).</summary>
    /// <remarks>A sampler may draw from the global generator here, and nowhere else: with the generator in the same state the order is the same.</remarks>
    public abstract IReadOnlyList<int> Order(int epoch);

    /// <summary>How many batches <see cref="Batches"/> gives.</summary>
    public virtual int CountBatches(int batchSize, bool dropLast) => dropLast ? Count / batchSize : (Count + batchSize - 1) / batchSize;

    /// <summary>The order of an epoch, drawn at once, cut into batches.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batchSize">Examples a batch.</param>
    /// <param name="dropLast">Whether a last batch with fewer examples is left out.</param>
    public virtual IEnumerable<IReadOnlyList<int>> Batches(int epoch, int batchSize, bool dropLast) =>
        Order(epoch).Chunk(batchSize).Take(CountBatches(batchSize, dropLast));
}
