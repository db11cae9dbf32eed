using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer;

// Streams that transform another stream.
public abstract partial class IterableDataset
{
    /// <summary>Returns a stream with the results of a function, which is applied again in each pass; nothing is stored.</summary>
    /// <param name="map">Returns new examples for a list of examples; their number may differ. With <paramref name="workers"/>, it is called from several threads concurrently.</param>
    /// <param name="batchSize">The number of examples per call of <paramref name="map"/>. Default: 1000.</param>
    /// <param name="workers">The number of threads that compute in advance. If 0, the reading thread. The result is the same either way. Default: 0.</param>
    /// <param name="memoryBudget">Not used: a stream stores nothing.</param>
    public sealed override IterableDataset Map(
        Func<IReadOnlyList<Example>, IEnumerable<Example>> map, int batchSize = 1000, int workers = 0, long memoryBudget = DefaultMemoryBudget) => From((epoch, cancellation) =>
    {
        var mapped = workers == 0
            ? ExampleMap.Of(Pass(epoch, cancellation), map, batchSize, workers).Select(compute => compute())
            : Prefetch.InOrder(ended => ExampleMap.Of(Pass(epoch, ended), map, batchSize, workers), workers, 2 * workers, cancellation);
        return mapped.SelectMany(examples => examples);
    });

    /// <summary>Returns the examples in a random order: each is drawn from a buffer, whose free place the next example of the stream takes.</summary>
    /// <param name="bufferSize">The number of examples in the buffer.</param>
    /// <param name="seed">The seed of the order, to which the number of the epoch is added.</param>
    public IterableDataset Shuffle(int bufferSize, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 1);
        return From((epoch, cancellation) => Shuffled(Pass(epoch, cancellation), bufferSize, new Random(unchecked(seed + epoch))));
    }

    /// <summary>Returns the first <paramref name="count"/> examples of each pass.</summary>
    public IterableDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return From((epoch, cancellation) => Pass(epoch, cancellation).Take(count));
    }

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
