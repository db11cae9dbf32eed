using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>When loss, gradient norm and learning rate are logged.</summary>
    public IntervalStrategy LoggingStrategy { get; set; } = IntervalStrategy.Steps;

    /// <summary>Updates between logs; below 1, a fraction of all updates.</summary>
    public double LoggingSteps { get; set; } = 500;

    /// <summary>Whether the first update is logged too.</summary>
    public bool LoggingFirstStep { get; set; }

    /// <summary>Whether each node of a run writes its log.</summary>
    [NoEffect("a run has one process")]
    public bool LogOnEachNode { get; set; } = true;

    /// <summary>Whether a loss that is no number is left out of the logged mean.</summary>
    public bool LoggingNanInfFilter { get; set; } = true;

    /// <summary>Which tokens that the model was trained on are counted in the log.</summary>
    [BareValue("all")]
    public InputTokensSeen IncludeNumInputTokensSeen { get; set; }

    /// <summary>
    /// How progress is shown on the console. Null: a progress bar on an interactive terminal, nothing elsewhere. False: a bar, or lines where the output is
    /// redirected. True: lines instead of the bar, as in the original.
    /// </summary>
    public bool? DisableTqdm { get; set; }

    /// <summary>Where the log goes besides the console, such as <c>tensorboard</c>; <c>all</c>: everywhere; <c>none</c> or empty: nowhere.</summary>
    public IReadOnlyList<string> ReportTo
    {
        get;
        set => field = value is null or ["none"] ? [] : value;
    } = [];

    /// <summary>The name of the run, for reporters to read; TensorBoard shows it among the arguments. Null: none.</summary>
    public string? RunName { get; set; }

    /// <summary>
    /// The folder of TensorBoard's files; null: what the environment variable <c>TENSORBOARD_LOGGING_DIR</c> says, else a folder below
    /// <see cref="OutputDir"/>.
    /// </summary>
    public string? LoggingDir
    {
        get => field ?? EnvironmentSettings.TensorboardLoggingDir;
        set;
    }

    /// <summary>Watches over single values, such as <c>underflow_overflow</c>. Only an empty list is accepted.</summary>
    [Refused("nothing here watches over the values inside a model")]
    public IReadOnlyList<string> Debug { get; set; } = [];

    /// <summary>Whether measurements of memory stay out of the metrics. Only true is accepted.</summary>
    [Refused("memory is not measured")]
    public bool SkipMemoryMetrics { get; set; } = true;
}
