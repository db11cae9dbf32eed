namespace Microsoft.ML.HfTrainer;

/// <summary>How a file of examples is read.</summary>
public class DataFileOptions
{
    /// <summary>The columns to read, each of which must be there; null: all.</summary>
    public IReadOnlyCollection<string>? Columns { get; init; }

    /// <summary>What columns hold; a value of another type is an error. Columns that are not named here hold what their values say.</summary>
    public IReadOnlyDictionary<string, FeatureType> Types { get; init; } = new Dictionary<string, FeatureType>();

    /// <summary>Bytes of memory that the rows may take before the rest goes to a temporary file. Not used by streams.</summary>
    public long MemoryBudget { get; init; } = Dataset.DefaultMemoryBudget;

    internal bool Takes(string column) => Columns is null || Columns.Contains(column);

    internal FeatureType? TypeOf(string column) => Types.TryGetValue(column, out var type) ? type : null;
}
