namespace Microsoft.ML.HfTrainer;

/// <summary>Determines the order of the examples in an epoch and how they are split into batches.</summary>
public abstract class Sampler
{
    /// <summary>Gets the number of indices per epoch.</summary>
    public abstract int Count { get; }

    /// <summary>Returns the indices of the examples in the order of an epoch.</summary>
    /// <param name="epoch">The zero-based epoch.</param>
    /// <remarks>Only this method may draw from the global random generator: with the generator in the same state, the order is the same.</remarks>
    public abstract IReadOnlyList<int> Order(int epoch);

    /// <summary>Returns the number of batches that <see cref="Batches"/> returns.</summary>
    public virtual int CountBatches(int batchSize, bool dropLast) => dropLast ? Count / batchSize : CeilingOfQuotient(Count, batchSize);

    /// <summary>Returns the indices of an epoch in batches. The order is drawn in this call.</summary>
    /// <param name="epoch">The zero-based epoch.</param>
    /// <param name="batchSize">The number of examples per batch.</param>
    /// <param name="dropLast">true to drop the last batch if it is incomplete.</param>
    public virtual IEnumerable<IReadOnlyList<int>> Batches(int epoch, int batchSize, bool dropLast) =>
        Order(epoch).Chunk(batchSize).Take(CountBatches(batchSize, dropLast));

    /// <summary>Returns the number of batches if examples are dropped as in batches of <paramref name="dropUnit"/> examples.</summary>
    internal virtual int CountKeptBatches(int batchSize, bool dropLast, int dropUnit) =>
        !dropLast || dropUnit == batchSize ? CountBatches(batchSize, dropLast) : CeilingOfQuotient(CountBatches(dropUnit, dropLast) * dropUnit, batchSize);

    /// <summary>Returns the batches of an epoch, without the examples that batches of <paramref name="dropUnit"/> examples would drop.</summary>
    internal virtual IEnumerable<IReadOnlyList<int>> KeptBatches(int epoch, int batchSize, bool dropLast, int dropUnit) =>
        !dropLast || dropUnit == batchSize ? Batches(epoch, batchSize, dropLast) : First(CountBatches(dropUnit, dropLast) * dropUnit, Batches(epoch, batchSize, dropLast: false));

    /// <summary>Indicates whether the batches are those of one process already.</summary>
    internal virtual bool IsShared => false;

    private protected static int CeilingOfQuotient(int count, int size) => (int)((count + (long)size - 1) / size);

    private static IEnumerable<IReadOnlyList<int>> First(int count, IEnumerable<IReadOnlyList<int>> batches)
    {
        foreach (var batch in batches)
        {
            if (count <= 0)
                yield break;
            yield return batch.Count <= count ? batch : [.. batch.Take(count)];
            count -= batch.Count;
        }
    }
}
