namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>The position of a row in a file.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Line">The one-based line at which the row begins.</param>
internal readonly record struct FilePosition(string File, long Line)
{
    public override string ToString() => $"{File}, line {Line}";

    /// <summary>Returns an exception for a fault of the row.</summary>
    public InvalidDataException Error(string message, Exception? inner = null) => new($"{this}: {message}", inner);

    /// <summary>Returns an exception for a fault of a value of the row.</summary>
    public InvalidDataException Error(string column, string found, string wanted) => new($"{this}, column '{column}': {found}; it should be {wanted}.");
}
