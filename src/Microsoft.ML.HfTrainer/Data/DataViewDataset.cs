using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>
/// The rows of a data view as examples: read once, then kept in flat arrays and, past a memory budget, in a temporary file. Attention masks and token types
/// take room only where they say something.
/// </summary>
internal sealed class DataViewDataset : Dataset
{
    private readonly ExampleStore _rows;
    private bool _hasTypes;

    private DataViewDataset(MemoryBudget budget) => _rows = new ExampleStore(budget);

    public override int Count => _rows.Count;

    /// <summary>Token types are there for every example or, where all are 0, for none.</summary>
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

    /// <summary>Reads a data view to its end.</summary>
    /// <param name="cursor">Goes through the rows.</param>
    /// <param name="tokens">The tokens of the row that the cursor is at; it is given the row's number, from 1.</param>
    /// <param name="label">Its label.</param>
    /// <param name="weight">Its weight; null: examples have none.</param>
    /// <param name="budget">How much memory the rows may take.</param>
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
