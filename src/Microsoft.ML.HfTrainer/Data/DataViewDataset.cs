using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>
/// The examples of a data view: read once, then kept in flat arrays and, past a memory budget, in a temporary file. Attention masks of ones and token types of zeros
/// take no room.
/// </summary>
internal sealed class DataViewDataset : Dataset
{
    private readonly ExampleStore _rows;
    private bool _hasTypes;

    private DataViewDataset(MemoryBudget budget) => _rows = new ExampleStore(budget);

    public override int Count => _rows.Count;

    internal override bool MayStall => false;

    /// <summary>The example at an index. Either all examples have token type ids or, if all of these are 0, none.</summary>
    public override Example this[int index]
    {
        get
        {
            var example = _rows[index];
            TokenSequence.AddDefaults(example, _hasTypes);
            return example;
        }
    }

    /// <summary>Reads examples to their end. They belong to the dataset afterwards.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="budget">The memory that they may take.</param>
    public static DataViewDataset Read(IEnumerable<Example> examples, MemoryBudget budget)
    {
        var dataset = new DataViewDataset(budget);
        try
        {
            foreach (var example in examples)
                dataset.Add(example);
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

    private void Add(Example example)
    {
        _hasTypes |= TokenSequence.HasTypes(example);
        TokenSequence.RemoveDefaults(example);
        _rows.Add(example);
    }
}
