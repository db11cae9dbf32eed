using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Indicates whether checkpoints leave out the states of the optimizer, the schedule and the random generators. Default: false.</summary>
    public bool SaveOnlyModel { get; set; }

    /// <summary>Specifies when checkpoints are written. Default: <see cref="SaveStrategy.Steps"/>.</summary>
    public SaveStrategy SaveStrategy { get; set; } = SaveStrategy.Steps;

    /// <summary>Number of updates between checkpoints. A value below 1 is a fraction of all updates. Default: 500.</summary>
    public double SaveSteps { get; set; } = 500;

    /// <summary>Indicates whether every node writes checkpoints. Default: false. No effect: the first process writes checkpoints.</summary>
    [NoEffect("the first process writes checkpoints")]
    public bool SaveOnEachNode { get; set; }

    /// <summary>Maximum number of checkpoints to keep; the best one is never deleted. If null, all are kept. Default: null.</summary>
    public int? SaveTotalLimit { get; set; }

    /// <summary>
    /// Indicates whether a checkpoint is written when SIGTERM, Ctrl-C or <see cref="CancellationToken"/> stops training, which then throws an
    /// <see cref="OperationCanceledException"/> that names it. Default: false.
    /// </summary>
    public bool EnableJitCheckpoint { get; set; }

    /// <summary>
    /// Indicates whether training continues, with a warning, if a checkpoint cannot be written, for example because the disk is full. If false, the error ends
    /// training. Default: false.
    /// </summary>
    public bool ContinueOnSaveFailure { get; set; }

    /// <summary>Indicates whether the weights of the best evaluation are loaded when training ends. Default: false.</summary>
    public bool LoadBestModelAtEnd { get; set; }

    /// <summary>
    /// Name of the metric that determines the best model, with or without the prefix <c>eval_</c>. If null, <c>loss</c> if an option requires a metric.
    /// Default: null.
    /// </summary>
    public string? MetricForBestModel
    {
        get => field ?? (LoadBestModelAtEnd || SchedulerWatchesMetric ? "loss" : null);
        set;
    }

    /// <summary>
    /// Indicates whether a greater value of <see cref="MetricForBestModel"/> is better. If null, it is unless the name ends in <c>loss</c>. Default: null.
    /// </summary>
    public bool? GreaterIsBetter
    {
        get => field ?? (MetricForBestModel is { } metric ? !metric.EndsWith("loss", StringComparison.Ordinal) : null);
        set;
    }

    /// <summary>Indicates whether a resumed run starts its epoch with the first batch instead of the one after the checkpoint. Default: false.</summary>
    public bool IgnoreDataSkip { get; set; }

    /// <summary>Indicates whether callbacks restore their state from the checkpoint that training resumes from. Default: false.</summary>
    public bool RestoreCallbackStatesFromCheckpoint { get; set; }

    /// <summary>
    /// Checkpoint directory that <c>Fit</c> of a pipeline resumes from; <c>true</c> stands for the newest complete checkpoint in <see cref="OutputDir"/>.
    /// <see cref="Trainer"/> itself ignores it: pass the checkpoint to its method <c>Train</c>. Default: null.
    /// </summary>
    public string? ResumeFromCheckpoint { get; set; }

    internal string? BestMetric => MetricForBestModel;

    internal bool HigherIsBetter => GreaterIsBetter ?? true;

    internal bool NeedsBestMetric => LoadBestModelAtEnd || SaveStrategy == SaveStrategy.Best;

    // Schedules that follow a metric read it from evaluations, like the choice of the best model.
    internal bool SchedulerWatchesMetric => LrSchedulerType is "reduce_lr_on_plateau" or "greedy";

    /// <summary>Returns the settings of the folder of checkpoints.</summary>
    internal CheckpointSettings ToCheckpointSettings() => new()
    {
        OutputDir = OutputDir,
        SaveTotalLimit = SaveTotalLimit,
        LoadBestModelAtEnd = LoadBestModelAtEnd,
        ContinueOnSaveFailure = ContinueOnSaveFailure,
    };
}
