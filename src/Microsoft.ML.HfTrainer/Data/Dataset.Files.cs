using Microsoft.ML.HfTrainer.Data.Files;

namespace Microsoft.ML.HfTrainer;

// Examples from files.
public abstract partial class Dataset
{
    /// <summary>
    /// The rows of a file with a JSON object a line. Texts, numbers, truth values and lists of them become features; objects within objects give names such as
    /// <c>answer.text</c>. A column with a real number in one row holds real numbers. A file whose name ends in .gz is unpacked.
    /// </summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="options">Which columns, of which types.</param>
    /// <exception cref="InvalidDataException">The file is empty, or a line is wrong; the message names file, line and column.</exception>
    public static Dataset FromJsonLines(string path, DataFileOptions? options = null)
    {
        options ??= new DataFileOptions();
        return new FileDataset(path, JsonLines.Read(path, options), new JsonColumnKinds(), options);
    }

    /// <summary>
    /// The rows of a file of comma-separated values (RFC 4180), whose first row names the columns. A column holds whole numbers if all its values are, else
    /// real numbers if all are, else texts; where a number is empty the row goes without it. A file whose name ends in .gz is unpacked.
    /// </summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="options">Delimiter, header, and which columns of which types.</param>
    /// <exception cref="InvalidDataException">The file has no rows, or one is wrong; the message names file, line and column.</exception>
    public static Dataset FromCsv(string path, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        return new FileDataset(path, CsvTable.Read(path, options), new CsvColumnKinds(options), options);
    }
}
