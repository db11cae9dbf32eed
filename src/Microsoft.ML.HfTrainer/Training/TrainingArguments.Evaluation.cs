using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>When the evaluation set is evaluated.</summary>
    public IntervalStrategy EvalStrategy { get; set; }

    /// <summary>
    /// Updates between evaluations; below 1, a fraction of all updates; null or 0: <see cref="LoggingSteps"/>, where <see cref="EvalStrategy"/> is
    /// <see cref="IntervalStrategy.Steps"/>.
    /// </summary>
    public double? EvalSteps
    {
        get => EvalStrategy == IntervalStrategy.Steps && field is null or 0 ? LoggingSteps : field;
        set;
    }

    /// <summary>Epochs or updates, as <see cref="EvalStrategy"/> counts, before the first evaluation.</summary>
    public double EvalDelay { get; set; }

    /// <summary>Examples a batch in evaluation and prediction.</summary>
    public int PerDeviceEvalBatchSize { get; set; } = 8;

    /// <summary>Whether evaluation gives the loss alone: no metrics, no predictions.</summary>
    public bool PredictionLossOnly { get; set; }

    /// <summary>Whether the evaluation set is evaluated before the first update too.</summary>
    public bool EvalOnStart { get; set; }

    /// <summary>Whether metrics are given the predictions of all batches as one tensor alone; false: each batch's by themselves too (<see cref="EvalPrediction.Batches"/>).</summary>
    public bool EvalDoConcatBatches { get; set; } = true;

    /// <summary>Batches of predictions that are gathered on the device before they go to the CPU; null: all.</summary>
    [NoEffect("predictions of each batch go to the CPU at once")]
    public int? EvalAccumulationSteps { get; set; }

    /// <summary>What metrics are given besides predictions and labels: <c>inputs</c>, <c>loss</c>.</summary>
    public IReadOnlyList<string> IncludeForMetrics { get; set; } = [];

    /// <summary>Whether metrics are computed batch by batch, so that predictions need not be kept.</summary>
    public bool BatchEvalMetrics { get; set; }

    /// <summary>The inputs that are labels; null: those of the model's kind, usually <c>labels</c>.</summary>
    public IReadOnlyList<string>? LabelNames { get; set; }

    /// <summary>
    /// Whether <c>eval_loss</c> is the mean over all labels, whatever the batches; false: the mean over the examples of their batch's loss, as in the original.
    /// </summary>
    public bool EvalLossPerLabel { get; set; }
}
