namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The examples of one batch, read or still to be read.</summary>
internal sealed class ExampleGroup
{
    private readonly Func<IReadOnlyList<Example>> _read;
    private readonly Func<string> _name;
    private IReadOnlyList<Example>? _examples;

    private ExampleGroup(Func<IReadOnlyList<Example>> read, Func<string> name)
    {
        (_read, _name) = (read, name);
    }

    /// <summary>Examples of a dataset by their indices, which are read when they are needed.</summary>
    public static ExampleGroup Indexed(Dataset dataset, IReadOnlyList<int> indices) => new(
        () =>
        {
            var examples = new Example[indices.Count];
            for (var i = 0; i < examples.Length; i++)
                examples[i] = ReadOne(dataset, indices[i]);
            return examples;
        },
        () => $"the examples {string.Join(", ", indices)}");

    /// <summary>The examples of a stream, so many at a time.</summary>
    public static IEnumerable<ExampleGroup> Streamed(IEnumerable<Example> stream, int size, bool dropLast, int skip)
    {
        var read = 0L;
        foreach (var examples in Guarded(stream).Skip(skip * size).Chunk(size).Where(group => !dropLast || group.Length == size))
        {
            var first = read + (long)skip * size;
            read += examples.Length;
            yield return new ExampleGroup(() => examples, () => $"the examples {first} to {first + examples.Length - 1} of the stream");
        }
    }

    /// <summary>Reads the examples.</summary>
    public ExampleGroup Read()
    {
        _examples ??= _read();
        return this;
    }

    /// <summary>Makes a batch of them.</summary>
    /// <exception cref="InvalidDataException">The collator refuses them; the message names them.</exception>
    public Batch Collate(IDataCollator collator)
    {
        var examples = Read()._examples!;
        try
        {
            return collator.Collate(examples);
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new InvalidDataException($"A batch of {_name()} cannot be made. {inner.Message}", inner);
        }
    }

    private static Example ReadOne(Dataset dataset, int index)
    {
        try
        {
            return dataset[index];
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new InvalidDataException($"The example {index} cannot be read. {inner.Message}", inner);
        }
    }

    private static IEnumerable<Example> Guarded(IEnumerable<Example> stream)
    {
        using var examples = stream.GetEnumerator();
        for (var index = 0L; ; index++)
        {
            try
            {
                if (!examples.MoveNext())
                    yield break;
            }
            catch (Exception inner) when (inner is not OperationCanceledException)
            {
                throw new InvalidDataException($"The example {index} of the stream cannot be read. {inner.Message}", inner);
            }
            yield return examples.Current;
        }
    }
}
