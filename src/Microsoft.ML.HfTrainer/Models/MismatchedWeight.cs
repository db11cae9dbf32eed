namespace Microsoft.ML.HfTrainer;

/// <summary>A weight that the file and the model have in different shapes.</summary>
/// <param name="Name">The model's name of it.</param>
/// <param name="FileShape">The shape in the file.</param>
/// <param name="ModelShape">The shape in the model.</param>
public sealed record MismatchedWeight(string Name, IReadOnlyList<long> FileShape, IReadOnlyList<long> ModelShape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ([{string.Join(", ", FileShape)}] in the file, [{string.Join(", ", ModelShape)}] here)";
}
