namespace Microsoft.ML.HfTrainer;

/// <summary>The result of loading weights into a model.</summary>
/// <param name="Missing">The parameters that the file lacks; they were initialized.</param>
/// <param name="Unexpected">The weights of the file that the model does not have; they were ignored.</param>
public sealed record LoadReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    /// <summary>The parameters whose shape differs in the file; they were initialized, as <see cref="FromPretrainedOptions.IgnoreMismatchedSizes"/> allows.</summary>
    public IReadOnlyList<MismatchedWeight> Mismatched { get; init; } = [];

    internal static LoadReport Empty { get; } = new([], []);

    /// <summary>Returns the report with that of a part of the model, whose name becomes a prefix.</summary>
    internal LoadReport And(string part, LoadReport other) => And(new LoadReport([.. other.Missing.Select(name => $"{part}.{name}")], [.. other.Unexpected.Select(name => $"{part}.{name}")]));

    /// <summary>Returns the report with that of another file.</summary>
    internal LoadReport And(LoadReport other) => new([.. Missing, .. other.Missing], [.. Unexpected, .. other.Unexpected]) { Mismatched = [.. Mismatched, .. other.Mismatched] };

    /// <summary>Returns one line for a log; empty if all weights were found and used.</summary>
    public override string ToString() => string.Join("; ", new[]
    {
        Missing.Count + Mismatched.Count > 0 ? $"initialised as new: {string.Join(", ", Missing.Concat(Mismatched.Select(m => m.Name)))}" : null,
        Mismatched.Count > 0 ? $"of another shape in the file: {string.Join(", ", Mismatched)}" : null,
        Unexpected.Count > 0 ? $"not used: {string.Join(", ", Unexpected)}" : null,
    }.OfType<string>());
}
