namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>A row of a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line that it begins at, from 1.</param>
internal readonly record struct FilePosition(string File, long Line)
{
    public override string ToString() => $"{File}, line {Line}";

    /// <summary>What is wrong there.</summary>
    public InvalidDataException Error(string message, Exception? inner = null) => new($"{this}: {message}", inner);

    /// <summary>What is wrong in a column there.</summary>
    public InvalidDataException Error(string column, string found, string wanted) => new($"{this}, column '{column}': {found}; it should be {wanted}.");
}
