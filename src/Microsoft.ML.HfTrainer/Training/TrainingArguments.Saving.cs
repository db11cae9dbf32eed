using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Whether a checkpoint leaves out the optimizer, the schedule and the random state.</summary>
    public bool SaveOnlyModel { get; set; }

    /// <summary>When checkpoints are written.</summary>
    public SaveStrategy SaveStrategy { get; set; } = SaveStrategy.Steps;

    /// <summary>Updates between checkpoints; below 1, a fraction of all updates.</summary>
    public double SaveSteps { get; set; } = 500;

    /// <summary>Whether each node of a run writes checkpoints.</summary>
    [NoEffect("a run has one process")]
    public bool SaveOnEachNode { get; set; }

    /// <summary>How many checkpoints are kept, the best one always; null: all.</summary>
    public int? SaveTotalLimit { get; set; }

    /// <summary>Whether SIGTERM, Ctrl-C and a cancelled <see cref="CancellationToken"/> write a checkpoint after the running update before training stops.</summary>
    public bool EnableJitCheckpoint { get; set; }

    /// <summary>Whether training goes on, with a warning, where a checkpoint cannot be written, as on a full disk; false: it stops with the error.</summary>
    public bool ContinueOnSaveFailure { get; set; }

    /// <summary>Whether the weights of the best evaluation are taken back at the end.</summary>
    public bool LoadBestModelAtEnd { get; set; }

    /// <summary>The metric that says which model is best, with or without <c>eval_</c>; null: <c>loss</c> where one is needed.</summary>
    public string? MetricForBestModel
    {
        get => field ?? (LoadBestModelAtEnd || SchedulerWatchesMetric ? "loss" : null);
        set;
    }

    /// <summary>Whether a higher metric is better; null: unless its name ends in <c>loss</c>.</summary>
    public bool? GreaterIsBetter
    {
        get => field ?? (MetricForBestModel is { } metric ? !metric.EndsWith("loss", StringComparison.Ordinal) : null);
        set;
    }

    /// <summary>Whether a resumed run begins its epoch with the first batch instead of the next one.</summary>
    public bool IgnoreDataSkip { get; set; }

    /// <summary>Whether callbacks that a checkpoint knows take its settings of them.</summary>
    public bool RestoreCallbackStatesFromCheckpoint { get; set; }

    /// <summary>
    /// The checkpoint that <c>Fit</c> of a pipeline goes on from; <c>true</c>: the newest whole one of <see cref="OutputDir"/>. The <see cref="Trainer"/> goes on from what its
    /// method <c>Train</c> is given.
    /// </summary>
    public string? ResumeFromCheckpoint { get; set; }

    internal string? BestMetric => MetricForBestModel;

    internal bool HigherIsBetter => GreaterIsBetter ?? true;

    internal bool NeedsBestMetric => LoadBestModelAtEnd || SaveStrategy == SaveStrategy.Best;

    // The schedules that a metric moves take it from evaluations, like the choice of the best model.
    internal bool SchedulerWatchesMetric => LrSchedulerType is "reduce_lr_on_plateau" or "greedy";
}
