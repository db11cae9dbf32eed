namespace Microsoft.ML.HfTrainer;

/// <summary>Describes a training run to an <see cref="ITrainerReporter"/> when it begins.</summary>
public sealed record ReportedRun
{
    /// <summary>The number of updates made before; 0 unless the run resumes from a checkpoint. Default: 0.</summary>
    public int GlobalStep { get; init; }

    /// <summary>The records logged before, each with its <c>step</c>; empty unless the run resumes from a checkpoint.</summary>
    public IReadOnlyList<LogRecord> LogHistory { get; init; } = [];

    /// <summary>The name of the run, <see cref="TrainingArguments.RunName"/>. Default: null.</summary>
    public string? RunName { get; init; }

    /// <summary>The name of the trial of a hyperparameter search; null if the run is not part of one.</summary>
    public string? TrialName { get; init; }

    /// <summary>The training arguments as JSON; null if there are none.</summary>
    public string? Arguments { get; init; }

    /// <summary>The configuration of the model as JSON, the content of <c>config.json</c>; null if the model has none.</summary>
    public string? ModelConfig { get; init; }

    /// <summary>The number of the model's parameters; null if it is unknown.</summary>
    public long? ParameterCount { get; init; }
}
