using Microsoft.ML.HfTrainer.Data.Files;

namespace Microsoft.ML.HfTrainer;

// Datasets from files.
public abstract partial class Dataset
{
    /// <summary>
    /// Creates a dataset from a JSON Lines file, with one JSON object per line. Strings, numbers, Booleans and lists of them become features; nested objects become
    /// features such as <c>answer.text</c>. A column holds real numbers if any of its values is one. A file whose name ends in <c>.gz</c> is decompressed.
    /// </summary>
    /// <param name="path">The path of the file, which is encoded in UTF-8.</param>
    /// <param name="options">The columns to read and their types. If null, all columns are read and their types are inferred.</param>
    /// <exception cref="InvalidDataException">The file has no rows, or a line is invalid; the message names file, line and column.</exception>
    public static Dataset FromJsonLines(string path, DataFileOptions? options = null)
    {
        options ??= new DataFileOptions();
        return new FileDataset(path, JsonLines.Read(path, options), new JsonColumnKinds(), options);
    }

    /// <summary>
    /// Creates a dataset from a CSV file (RFC 4180), whose first row names the columns. A column holds integers if all its values are integers, otherwise real numbers
    /// if all are numbers, otherwise strings; integers beyond 32 bits are kept as strings. A row whose value in a column of numbers is empty lacks that feature. A file whose name ends in <c>.gz</c> is
    /// decompressed.
    /// </summary>
    /// <param name="path">The path of the file, which is encoded in UTF-8.</param>
    /// <param name="options">The delimiter, the header, the columns to read and their types. If null, the defaults of <see cref="CsvOptions"/>.</param>
    /// <exception cref="InvalidDataException">The file has no rows, or a row is invalid; the message names file, line and column.</exception>
    public static Dataset FromCsv(string path, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        return new FileDataset(path, CsvTable.Read(path, options), new CsvColumnKinds(options), options);
    }
}
