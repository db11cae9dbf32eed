using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer;

// What is made of a stream as it passes.
public abstract partial class IterableDataset
{
    /// <summary>What a function makes of the examples as they pass, anew in each pass; nothing is kept.</summary>
    /// <param name="map">Makes new examples of some; it may give another number of them.</param>
    /// <param name="batchSize">How many examples the function is given at a time.</param>
    /// <param name="workers">Threads that compute ahead; 0: the one that reads. The result is the same.</param>
    /// <param name="memoryBudget">Not used.</param>
    public sealed override IterableDataset Map(
        Func<IReadOnlyList<Example>, IEnumerable<Example>> map, int batchSize = 1000, int workers = 0, long memoryBudget = DefaultMemoryBudget) => From(epoch =>
    {
        var work = ExampleMap.Of(Pass(epoch), map, batchSize);
        return (workers == 0 ? work.Select(compute => compute()) : Prefetch.InOrder(work, workers, 2 * workers)).SelectMany(examples => examples);
    });

    /// <summary>The examples in a random order within a buffer: each place of it is drawn from, and filled with the next example of the stream.</summary>
    /// <param name="bufferSize">The examples that are held.</param>
    /// <param name="seed">Decides the order; each epoch has its own.</param>
    public IterableDataset Shuffle(int bufferSize, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 1);
        return From(epoch => Shuffled(Pass(epoch), bufferSize, new Random(unchecked(seed + epoch))));
    }

    /// <summary>The first so many examples of each pass.</summary>
    public IterableDataset Take(int count) => From(epoch => Pass(epoch).Take(count));

    private static IEnumerable<Example> Shuffled(IEnumerable<Example> stream, int bufferSize, Random random)
    {
        var buffer = new List<Example>(bufferSize);
        foreach (var example in stream)
        {
            if (buffer.Count < bufferSize)
            {
                buffer.Add(example);
                continue;
            }
            var place = random.Next(bufferSize);
            yield return buffer[place];
            buffer[place] = example;
        }
        while (buffer.Count > 0)
        {
            var place = random.Next(buffer.Count);
            yield return buffer[place];
            buffer[place] = buffer[^1];
            buffer.RemoveAt(buffer.Count - 1);
        }
    }
}
