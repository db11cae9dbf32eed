using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer;

// Examples that are computed once and kept.
public abstract partial class Dataset
{
    /// <summary>The bytes of memory that stored examples take where nothing else is said: 1 GiB, some 250 million tokens.</summary>
    public const long DefaultMemoryBudget = 1L << 30;

    /// <summary>
    /// The examples read once and kept in flat arrays; past the memory budget in a temporary file, which goes with the dataset. Dispose it.
    /// </summary>
    /// <param name="memoryBudget">Bytes of memory.</param>
    /// <exception cref="IOException">There is no room for the temporary file.</exception>
    public Dataset Cache(long memoryBudget = DefaultMemoryBudget) => ExampleStore.Of(this, new MemoryBudget(memoryBudget));

    /// <summary>What a function, such as a tokenizer, makes of the examples: computed once, and kept like <see cref="Cache"/> does. Dispose it.</summary>
    /// <param name="map">Makes new examples of some; it may give another number of them. With workers it is called from several threads at once.</param>
    /// <param name="batchSize">How many examples the function is given at a time.</param>
    /// <param name="workers">Threads that compute; 0: this one. The result is the same.</param>
    /// <param name="memoryBudget">Bytes of memory.</param>
    /// <exception cref="InvalidDataException">The function fails; the message names the examples that it was given.</exception>
    public virtual Dataset Map(
        Func<IReadOnlyList<Example>, IEnumerable<Example>> map, int batchSize = 1000, int workers = 0, long memoryBudget = DefaultMemoryBudget)
    {
        var work = ExampleMap.Of(this, map, batchSize);
        var mapped = workers == 0 ? work.Select(compute => compute()) : Prefetch.InOrder(work, workers, 2 * workers);
        return ExampleStore.Of(mapped.SelectMany(examples => examples), new MemoryBudget(memoryBudget));
    }
}
