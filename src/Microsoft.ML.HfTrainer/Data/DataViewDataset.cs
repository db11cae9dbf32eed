using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>
/// The tokenized rows of a data view as examples. They are read once and kept in flat arrays and, beyond a memory budget, in a temporary file. Attention masks of
/// ones and token type ids of zeros take no space.
/// </summary>
internal sealed class DataViewDataset : Dataset
{
    private readonly ExampleStore _rows;
    private bool _hasTypes;

    private DataViewDataset(MemoryBudget budget) => _rows = new ExampleStore(budget);

    public override int Count => _rows.Count;

    /// <summary>Gets an example. All examples have token type ids, or none has if they are 0 throughout.</summary>
    public override Example this[int index]
    {
        get
        {
            var row = _rows[index];
            var tokens = new TokenSequence(row["input_ids"].Integers, Find(row, "token_type_ids"), Find(row, "attention_mask"));
            var example = tokens.ToExample(_hasTypes);
            example[Batch.Labels] = row[Batch.Labels];
            if (row.TryGetValue(Batch.ExampleWeights, out var weight))
                example[Batch.ExampleWeights] = weight;
            return example;
        }
    }

    /// <summary>Reads all rows of a data view.</summary>
    /// <param name="cursor">The cursor over the rows.</param>
    /// <param name="tokens">Returns the tokens of the current row, given its one-based number.</param>
    /// <param name="label">Returns the label of the current row.</param>
    /// <param name="weight">Returns the weight of the current row. If null, examples have no weights.</param>
    /// <param name="budget">The memory budget of the rows.</param>
    public static DataViewDataset Read(DataViewRowCursor cursor, Func<long, TokenSequence> tokens, Func<long, Feature> label, Func<long, float>? weight, MemoryBudget budget)
    {
        var dataset = new DataViewDataset(budget);
        try
        {
            for (var row = 1L; cursor.MoveNext(); row++)
                dataset.Add(tokens(row), label(row), weight?.Invoke(row));
            dataset._rows.Complete();
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing) => _rows.Dispose();

    private void Add(TokenSequence tokens, Feature label, float? weight)
    {
        var row = new Example { ["input_ids"] = tokens.Ids, [Batch.Labels] = label };
        if (weight is { } value)
            row[Batch.ExampleWeights] = value;
        if (!tokens.Mask.IsEmpty)
            row["attention_mask"] = tokens.Mask;
        if (!tokens.TypeIds.IsEmpty)
            row["token_type_ids"] = tokens.TypeIds;
        _hasTypes |= !tokens.TypeIds.IsEmpty;
        _rows.Add(row);
    }

    private static ReadOnlyMemory<int> Find(Example row, string name) => row.TryGetValue(name, out var feature) ? feature.Integers : default;
}
