namespace Microsoft.ML.HfTrainer;

/// <summary>How a file of comma-separated values (RFC 4180) is read.</summary>
public sealed class CsvOptions : DataFileOptions
{
    /// <summary>What separates the values of a row, an ASCII character: a comma, a tab.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>What values with delimiters, quotes or line breaks are set in; doubled it stands for itself. Null: quotes are characters like others.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>The names of the columns, where the file has no header; null: its first row.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }
}
