using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Specifies when the loss, the gradient norm and the learning rate are logged. Default: <see cref="IntervalStrategy.Steps"/>.</summary>
    public IntervalStrategy LoggingStrategy { get; set; } = IntervalStrategy.Steps;

    /// <summary>Number of updates between log entries. A value below 1 is a fraction of all updates. Default: 500.</summary>
    public double LoggingSteps { get; set; } = 500;

    /// <summary>Indicates whether the first update is also logged. Default: false.</summary>
    public bool LoggingFirstStep { get; set; }

    /// <summary>Indicates whether every node logs. Default: true. No effect: the first process reports.</summary>
    [NoEffect("the first process reports")]
    public bool LogOnEachNode { get; set; } = true;

    /// <summary>Indicates whether a loss that is NaN or infinite is left out of the logged mean of training; <c>eval_loss</c> is the mean of all batches. Default: true.</summary>
    public bool LoggingNanInfFilter { get; set; } = true;

    /// <summary>Specifies which tokens of the training batches are counted in the log. Default: <see cref="InputTokensSeen.No"/>.</summary>
    [BareValue("all")]
    public InputTokensSeen IncludeNumInputTokensSeen { get; set; }

    /// <summary>
    /// Controls the progress display on the console. If null, a progress bar is shown on an interactive terminal only. If false, a progress bar is shown, or plain
    /// lines if the output is redirected. If true, plain lines are printed instead of the bar. Default: null.
    /// </summary>
    public bool? DisableTqdm { get; set; }

    /// <summary>
    /// Reporters that receive the log, such as <c>tensorboard</c>; <c>all</c> stands for all that are registered, <c>none</c> for an empty list. Default:
    /// empty.
    /// </summary>
    public IReadOnlyList<string> ReportTo
    {
        get;
        set => field = value is null or ["none"] ? [] : value;
    } = [];

    /// <summary>Name of the run for reporters; TensorBoard shows it among the arguments. Default: null.</summary>
    public string? RunName { get; set; }

    /// <summary>
    /// Directory for TensorBoard files. If null, the value of the environment variable <c>TENSORBOARD_LOGGING_DIR</c>, otherwise a directory below
    /// <see cref="OutputDir"/>. Default: null.
    /// </summary>
    public string? LoggingDir
    {
        get => field ?? EnvironmentSettings.TensorboardLoggingDir;
        set;
    }

    /// <summary>Debugging aids, such as <c>underflow_overflow</c>. Default: empty. Other values are not supported: values inside the model are not monitored.</summary>
    [Refused("values inside the model are not monitored")]
    public IReadOnlyList<string> Debug { get; set; } = [];

    /// <summary>Indicates whether memory measurements are left out of the metrics. Default: true. Other values are not supported: memory is not measured.</summary>
    [Refused("memory is not measured")]
    public bool SkipMemoryMetrics { get; set; } = true;
}
