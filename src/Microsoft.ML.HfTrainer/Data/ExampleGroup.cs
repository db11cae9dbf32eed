namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The examples of one batch, which are read on demand.</summary>
internal sealed class ExampleGroup
{
    private readonly Func<IReadOnlyList<Example>> _read;
    private readonly Func<string> _name;
    private readonly Func<int, long> _indexOf;
    private IReadOnlyList<Example>? _examples;

    private ExampleGroup(Func<IReadOnlyList<Example>> read, Func<string> name, Func<int, long> indexOf)
    {
        (_read, _name, _indexOf) = (read, name, indexOf);
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
        () => $"the examples {string.Join(", ", indices)}",
        row => indices[row]);

    /// <summary>Returns the groups of <paramref name="size"/> consecutive examples of a stream, without the first <paramref name="skip"/> groups.</summary>
    public static IEnumerable<ExampleGroup> Streamed(IEnumerable<Example> stream, int size, bool dropLast, int skip)
    {
        var read = 0L;
        foreach (var examples in Guarded(stream).Skip(skip * size).Chunk(size).Where(group => !dropLast || group.Length == size))
        {
            var first = read + (long)skip * size;
            read += examples.Length;
            yield return new ExampleGroup(() => examples, () => $"the examples {first} to {first + examples.Length - 1} of the stream", row => first + row);
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
            var batch = collator.Collate(examples) ?? throw new InvalidOperationException($"{collator.GetType().Name}.{nameof(IDataCollator.Collate)} returned null.");
            batch.Source ??= examples.ToSource(row => $"Example {_indexOf(row)}{(examples[row].Origin is { } origin ? $" ({origin})" : "")}");
            return batch;
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
            return dataset[index] ?? throw new InvalidDataException("It is null.");
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
            yield return examples.Current ?? throw new InvalidDataException($"The example {index} of the stream is null.");
        }
    }
}
