namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The examples of one batch, which are read on demand.</summary>
internal sealed class ExampleGroup
{
    private readonly Func<IReadOnlyList<Example>> _read;
    private readonly Func<string> _name;
    private IReadOnlyList<Example>? _examples;

    private ExampleGroup(Func<IReadOnlyList<Example>> read, Func<string> name)
    {
        (_read, _name) = (read, name);
    }

    /// <summary>Returns the group of examples at the given indices of a dataset.</summary>
    public static ExampleGroup Indexed(Dataset dataset, IReadOnlyList<int> indices) => new(
        () =>
        {
            var examples = new Example[indices.Count];
            for (var i = 0; i < examples.Length; i++)
                examples[i] = ReadOne(dataset, indices[i]);
            return examples;
        },
        () => $"the examples {string.Join(", ", indices)}");

    /// <summary>Returns the groups of <paramref name="size"/> consecutive examples of a stream, without the first <paramref name="skip"/> groups.</summary>
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

    /// <summary>Reads the examples unless they have been read.</summary>
    public ExampleGroup Read()
    {
        _examples ??= _read();
        return this;
    }

    /// <summary>Collates the examples into a batch.</summary>
    /// <exception cref="InvalidDataException">The collator fails; the message names the examples.</exception>
    public Batch Collate(IDataCollator collator)
    {
        var examples = Read()._examples!;
        try
        {
            return collator.Collate(examples);
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new InvalidDataException($"A batch of {_name()} cannot be collated. {inner.Message}", inner);
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
