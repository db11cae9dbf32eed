namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Applies a function to the examples of a dataset in batches.</summary>
internal static class ExampleMap
{
    /// <summary>Returns the calls of the function, which may be executed in any order and concurrently.</summary>
    public static IEnumerable<Func<IReadOnlyList<Example>>> Of(IEnumerable<Example> examples, Func<IReadOnlyList<Example>, IEnumerable<Example>> map, int batchSize, int workers)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        return examples.Chunk(batchSize).Select((batch, index) => (Func<IReadOnlyList<Example>>)(() => Apply(batch, (long)index * batchSize, map)));
    }

    private static IReadOnlyList<Example> Apply(Example[] batch, long first, Func<IReadOnlyList<Example>, IEnumerable<Example>> map)
    {
        try
        {
            Example[] mapped = [.. map(batch) ?? throw new InvalidOperationException("It returned null; return a list of examples.")];
            return Array.IndexOf(mapped, null) is >= 0 and var at ? throw new InvalidOperationException($"Example {at} of what it returned is null.") : mapped;
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new InvalidDataException($"Map failed on the examples {first} to {first + batch.Length - 1}. {inner.Message}", inner);
        }
    }
}
