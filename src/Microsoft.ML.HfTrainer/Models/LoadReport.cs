namespace Microsoft.ML.HfTrainer;

/// <summary>How the weights of a file and the parameters of a model met.</summary>
/// <param name="Missing">Parameters that the file does not have; they were initialised as new.</param>
/// <param name="Unexpected">Weights of the file that the model has no place for; they were left.</param>
public sealed record LoadReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    internal static LoadReport Empty { get; } = new([], []);

    /// <summary>One line for a log; empty if everything met.</summary>
    public override string ToString() => string.Join("; ", new[]
    {
        Missing.Count > 0 ? $"initialised as new: {string.Join(", ", Missing)}" : null,
        Unexpected.Count > 0 ? $"not used: {string.Join(", ", Unexpected)}" : null,
    }.OfType<string>());
}
