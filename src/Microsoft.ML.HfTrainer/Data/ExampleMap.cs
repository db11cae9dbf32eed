namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Applies a function to the examples of a dataset in batches.</summary>
internal static class ExampleMap
{
    /// <summary>Returns the calls of the function, which may be executed in any order and concurrently.</summary>
    public static IEnumerable<Func<IReadOnlyList<Example>>> Of(IEnumerable<Example> examples, Func<IReadOnlyList<Example>, IEnumerable<Example>> map, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return examples.Chunk(batchSize).Select((batch, index) => (Func<IReadOnlyList<Example>>)(() => Apply(batch, (long)index * batchSize, map)));
    }

    private static IReadOnlyList<Example> Apply(Example[] batch, long first, Func<IReadOnlyList<Example>, IEnumerable<Example>> map)
    {
        try
        {
            return [.. map(batch)];
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new InvalidDataException($"Map failed on the examples {first} to {first + batch.Length - 1}. {inner.Message}", inner);
        }
    }
}
