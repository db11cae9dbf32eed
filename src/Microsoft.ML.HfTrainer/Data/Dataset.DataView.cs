using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer;

// Datasets from ML.NET data.
public abstract partial class Dataset
{
    /// <summary>
    /// Creates a dataset from the rows of a data view, which are read once and stored as by <see cref="Cache"/>. Columns of text, Booleans, numbers, and vectors of
    /// them become features of the same name. Keys become integers that start at 0; a missing key becomes -1.
    /// </summary>
    /// <param name="data">The data view.</param>
    /// <param name="columns">The columns to read. If null, all that are not hidden.</param>
    /// <param name="memoryBudget">The memory in bytes that the examples may take before the rest is stored in a temporary file. Default: 1 GiB.</param>
    /// <exception cref="ArgumentException">A column is missing, or its type has no corresponding feature.</exception>
    /// <exception cref="InvalidDataException">A number does not fit in 32 bits; the message names row and column.</exception>
    public static Dataset FromDataView(IDataView data, IReadOnlyCollection<string>? columns = null, long memoryBudget = DefaultMemoryBudget)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ExampleStore.Of(DataViewRows.Read(data, columns), new MemoryBudget(memoryBudget));
    }
}
