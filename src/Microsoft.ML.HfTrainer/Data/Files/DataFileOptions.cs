namespace Microsoft.ML.HfTrainer;

/// <summary>Options for reading files of examples.</summary>
public class DataFileOptions
{
    /// <summary>Gets the columns to read, all of which must exist. If null, all columns are read. Default: null.</summary>
    public IReadOnlyCollection<string>? Columns { get; init; }

    /// <summary>Gets the types of columns; a value of another type is an error. The types of other columns are inferred from their values. Default: empty.</summary>
    public IReadOnlyDictionary<string, FeatureType> Types { get; init; } = new Dictionary<string, FeatureType>();

    /// <summary>
    /// Gets the memory in bytes that the rows may take before the rest is stored in a temporary file. Not used by streams. Default:
    /// <see cref="Dataset.DefaultMemoryBudget"/>.
    /// </summary>
    public long MemoryBudget { get; init; } = Dataset.DefaultMemoryBudget;

    internal bool Takes(string column) => Columns is null || Columns.Contains(column);

    internal FeatureType? TypeOf(string column) => Types.TryGetValue(column, out var type) ? type : null;
}
