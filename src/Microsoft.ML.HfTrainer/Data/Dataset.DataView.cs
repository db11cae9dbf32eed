using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer;

// Examples from ML.NET.
public abstract partial class Dataset
{
    /// <summary>
    /// The rows of a data view, read once and kept like <see cref="Cache"/> does. Texts, truth values, numbers and vectors of them become features of their
    /// column's name; keys become whole numbers from 0, a missing one -1.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="columns">The columns to read; null: all.</param>
    /// <param name="memoryBudget">Bytes of memory.</param>
    /// <exception cref="ArgumentException">A column is missing, or of a type that examples do not have.</exception>
    /// <exception cref="InvalidDataException">A number does not fit 32 bits; the message names row and column.</exception>
    public static Dataset FromDataView(IDataView data, IReadOnlyCollection<string>? columns = null, long memoryBudget = DefaultMemoryBudget)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ExampleStore.Of(DataViewRows.Read(data, columns), new MemoryBudget(memoryBudget));
    }
}
