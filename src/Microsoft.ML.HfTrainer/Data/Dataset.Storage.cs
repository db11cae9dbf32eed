using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer;

// Datasets that are computed once and stored.
public abstract partial class Dataset
{
    /// <summary>The default memory budget of stored examples in bytes: 1 GiB, about 250 million tokens.</summary>
    public const long DefaultMemoryBudget = 1L << 30;

    /// <summary>
    /// Returns a dataset that stores the examples in memory and, beyond the memory budget, in a temporary file, which is deleted when the dataset is disposed.
    /// </summary>
    /// <param name="memoryBudget">The memory in bytes that the examples may take before the rest is stored in a temporary file. Default: 1 GiB.</param>
    /// <exception cref="IOException">The temporary file cannot be written.</exception>
    public Dataset Cache(long memoryBudget = DefaultMemoryBudget) => ExampleStore.Of(this, new MemoryBudget(memoryBudget), Source);

    /// <summary>
    /// Returns a dataset with the results of a function, such as a tokenizer, which is applied once to all examples. The results are stored as by
    /// <see cref="Cache"/>.
    /// </summary>
    /// <param name="map">Returns new examples for a list of examples; their number may differ. With <paramref name="workers"/>, it is called from several threads concurrently.</param>
    /// <param name="batchSize">The number of examples per call of <paramref name="map"/>. Default: 1000.</param>
    /// <param name="workers">The number of threads. If 0, the calling thread. The result is the same either way. Default: 0.</param>
    /// <param name="memoryBudget">The memory in bytes that the examples may take before the rest is stored in a temporary file. Default: 1 GiB.</param>
    /// <exception cref="InvalidDataException">The function throws an exception; the message names the examples that it was given.</exception>
    public virtual Dataset Map(
        Func<IReadOnlyList<Example>, IEnumerable<Example>> map, int batchSize = 1000, int workers = 0, long memoryBudget = DefaultMemoryBudget)
    {
        var work = ExampleMap.Of(this, map, batchSize, workers);
        var mapped = workers == 0 ? work.Select(compute => compute()) : Prefetch.InOrder(_ => work, workers, 2 * workers);
        return ExampleStore.Of(mapped.SelectMany(examples => examples), new MemoryBudget(memoryBudget), Source);
    }
}
