using Microsoft.ML.HfTrainer.Data.Files;

namespace Microsoft.ML.HfTrainer;

// Files that are read anew in each pass.
public abstract partial class IterableDataset
{
    /// <summary>The rows of a file with a JSON object a line, read as they are needed. Each value is of the kind that it says, unless the options give its column a type.</summary>
    /// <inheritdoc cref="Dataset.FromJsonLines"/>
    public static new IterableDataset FromJsonLines(string path, DataFileOptions? options = null) =>
        From(() => JsonLines.Read(path, options ?? new DataFileOptions()).Select(row => row.Row));

    /// <summary>The rows of a file of comma-separated values, read as they are needed. Columns hold texts, unless the options give them a type.</summary>
    /// <inheritdoc cref="Dataset.FromCsv"/>
    public static new IterableDataset FromCsv(string path, CsvOptions? options = null) => From(() => CsvTable.Read(path, options ?? new CsvOptions()).Select(row => row.Row));
}
