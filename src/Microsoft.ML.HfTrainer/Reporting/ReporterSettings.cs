namespace Microsoft.ML.HfTrainer;

/// <summary>The settings that reporters are created from. The properties are those of <see cref="TrainingArguments"/>.</summary>
public sealed record ReporterSettings
{
    /// <summary>The names of the reporters. Default: none.</summary>
    public IReadOnlyList<string> ReportTo { get; init; } = [];

    /// <summary>The output folder of the run; null if the run has none.</summary>
    public string? OutputDir { get; init; }

    /// <summary>The folder of TensorBoard's event files. If null, a subfolder of <see cref="OutputDir"/>.</summary>
    public string? LoggingDir { get; init; }

    /// <summary>The name of the run. Default: null.</summary>
    public string? RunName { get; init; }
}
