namespace Microsoft.ML.HfTrainer;

/// <summary>How the weights of a file and the parameters of a model met.</summary>
/// <param name="Missing">Parameters that the file does not have; they were initialised as new.</param>
/// <param name="Unexpected">Weights of the file that the model has no place for; they were left.</param>
public sealed record LoadReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    /// <summary>Parameters that the file has in another shape; they were initialised as new, which <see cref="FromPretrainedOptions.IgnoreMismatchedSizes"/> allows.</summary>
    public IReadOnlyList<MismatchedWeight> Mismatched { get; init; } = [];

    internal static LoadReport Empty { get; } = new([], []);

    /// <summary>With the report of a part of the model, whose names begin with the part's.</summary>
    internal LoadReport And(string part, LoadReport other) => And(new LoadReport([.. other.Missing.Select(name => $"{part}.{name}")], [.. other.Unexpected.Select(name => $"{part}.{name}")]));

    /// <summary>With the report of another file.</summary>
    internal LoadReport And(LoadReport other) => new([.. Missing, .. other.Missing], [.. Unexpected, .. other.Unexpected]) { Mismatched = [.. Mismatched, .. other.Mismatched] };

    /// <summary>One line for a log; empty if everything met.</summary>
    public override string ToString() => string.Join("; ", new[]
    {
        Missing.Count + Mismatched.Count > 0 ? $"initialised as new: {string.Join(", ", Missing.Concat(Mismatched.Select(m => m.Name)))}" : null,
        Mismatched.Count > 0 ? $"of another shape in the file: {string.Join(", ", Mismatched)}" : null,
        Unexpected.Count > 0 ? $"not used: {string.Join(", ", Unexpected)}" : null,
    }.OfType<string>());
}
