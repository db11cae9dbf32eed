namespace Microsoft.ML.HfTrainer;

/// <summary>The settings that a learning-rate schedule is created from.</summary>
public sealed record ScheduleSettings
{
    /// <summary>The registered name of the schedule. Default: <c>linear</c>.</summary>
    public string LrSchedulerType { get; init; } = "linear";

    /// <summary>Additional settings of the schedule, such as <c>num_cycles</c>. Default: none.</summary>
    public KeywordArguments LrSchedulerKwargs { get; init; } = [];

    /// <summary>The peak learning rate. Default: 5e-5.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>The number of warm-up updates. Default: 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The number of updates of the whole run.</summary>
    public required int TotalSteps { get; init; }
}
