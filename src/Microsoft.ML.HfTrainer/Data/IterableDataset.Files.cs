using Microsoft.ML.HfTrainer.Data.Files;

namespace Microsoft.ML.HfTrainer;

// Files that are read again in each pass.
public abstract partial class IterableDataset
{
    /// <summary>
    /// Creates a stream of the rows of a JSON Lines file. The type of each value is inferred from the value itself, unless the options specify the type of the
    /// column.
    /// </summary>
    /// <inheritdoc cref="Dataset.FromJsonLines"/>
    public static new IterableDataset FromJsonLines(string path, DataFileOptions? options = null) =>
        From(() => JsonLines.Read(path, options ?? new DataFileOptions()).Select(row => row.Row));

    /// <summary>Creates a stream of the rows of a CSV file. Columns hold strings, unless the options specify their types.</summary>
    /// <inheritdoc cref="Dataset.FromCsv"/>
    public static new IterableDataset FromCsv(string path, CsvOptions? options = null) => From(() => CsvTable.Read(path, options ?? new CsvOptions()).Select(row => row.Row));
}
