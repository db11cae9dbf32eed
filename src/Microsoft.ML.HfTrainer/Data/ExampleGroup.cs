using Microsoft.ML.HfTrainer.Data.Sampling;

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
    /// <param name="stream">The examples.</param>
    /// <param name="size">The number of examples of a group.</param>
    /// <param name="dropUnit">The number of examples that are dropped at the end if they are fewer; null to drop none.</param>
    /// <param name="skip">The number of groups to skip.</param>
    /// <param name="share">The slice of each group that this process takes of it, and of the first group where the last is filled up; null for whole groups.</param>
    public static IEnumerable<ExampleGroup> Streamed(IEnumerable<Example> stream, int size, int? dropUnit, long skip, BatchShare? share = null)
    {
        Example[]? opening = null;
        var first = skip * size;
        var examples = Guarded(stream);
        if (dropUnit is { } unit)
            examples = examples.Chunk(unit).Where(whole => whole.Length == unit).SelectMany(whole => whole);
        foreach (var group in Without(examples, first).Chunk(size))
        {
            var start = first;
            first += group.Length;
            opening ??= group;
            var taken = share?.Of(group, opening, size) ?? group;
            var offset = share is { } part ? part.Rank * (long)taken.Count : 0;
            yield return new ExampleGroup(() => taken, () => $"the examples {start} to {start + group.Length - 1} of the stream", row => start + offset + row);
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

    // Enumerable.Skip counts to 2^31 only.
    private static IEnumerable<Example> Without(IEnumerable<Example> examples, long skipped)
    {
        foreach (var example in examples)
            if (--skipped < 0)
                yield return example;
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
