namespace Microsoft.ML.HfTrainer;

/// <summary>Options for reading CSV files (RFC 4180).</summary>
public sealed class CsvOptions : DataFileOptions
{
    /// <summary>Gets the ASCII character that separates values. Default: comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>
    /// Gets the ASCII character that encloses values with delimiters, quotes or line breaks; within such a value it is doubled. If null, no character has this
    /// meaning. Default: double quote.
    /// </summary>
    public char? Quote { get; init; } = '"';

    /// <summary>Gets the names of the columns of a file without a header. If null, the first row is the header. Default: null.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }
}
