using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Specifies when the model is evaluated on the evaluation set. Default: <see cref="IntervalStrategy.No"/>.</summary>
    public IntervalStrategy EvalStrategy { get; set; }

    /// <summary>
    /// Number of updates between evaluations, if <see cref="EvalStrategy"/> is <see cref="IntervalStrategy.Steps"/>. A value below 1 is a fraction of all updates.
    /// If null or 0, <see cref="LoggingSteps"/>. Default: null.
    /// </summary>
    public double? EvalSteps
    {
        get => EvalStrategy == IntervalStrategy.Steps && field is null or 0 ? LoggingSteps : field;
        set;
    }

    internal double EvalInterval => EvalSteps ?? 500;

    /// <summary>Number of epochs or updates, depending on <see cref="EvalStrategy"/>, before the first evaluation. Default: 0.</summary>
    public double EvalDelay { get; set; }

    /// <summary>Number of examples per batch in evaluation and prediction. Default: 8.</summary>
    /// <remarks>If it is not set, the transformers of <c>mlContext.HfTrainer</c> predict with batches of 32.</remarks>
    public int PerDeviceEvalBatchSize
    {
        get => ExplicitEvalBatchSize ?? 8;
        set => ExplicitEvalBatchSize = value;
    }

    /// <summary>Indicates whether evaluation returns only the loss, without metrics and predictions. Default: false.</summary>
    public bool PredictionLossOnly { get; set; }

    /// <summary>Indicates whether the model is also evaluated before the first update. Default: false.</summary>
    public bool EvalOnStart { get; set; }

    /// <summary>
    /// Indicates whether metrics receive the predictions of all batches concatenated. If false, <see cref="EvalPrediction.Batches"/> also holds those of each
    /// batch. Default: true.
    /// </summary>
    public bool EvalDoConcatBatches { get; set; } = true;

    /// <summary>
    /// Number of batches whose predictions are collected on the device before they are moved to the CPU. If null, all. Default: null. No effect: predictions
    /// are moved to the CPU after each batch.
    /// </summary>
    [NoEffect("predictions are moved to the CPU after each batch")]
    public int? EvalAccumulationSteps { get; set; }

    /// <summary>Additional data for metrics, besides predictions and labels: <c>inputs</c>, <c>loss</c>. Default: empty.</summary>
    public IReadOnlyList<string> IncludeForMetrics { get; set; } = [];

    /// <summary>Indicates whether metrics are computed batch by batch, so that predictions need not be kept in memory. Default: false.</summary>
    public bool BatchEvalMetrics { get; set; }

    /// <summary>Names of the columns that hold labels. If null, those of the model's task, usually <c>labels</c>. Default: null.</summary>
    public IReadOnlyList<string>? LabelNames { get; set; }

    /// <summary>
    /// Indicates whether <c>eval_loss</c> is the mean over all labels, independent of the batch size. If false, the mean of the batch losses weighted by the number
    /// of examples, as in Hugging Face. Default: false.
    /// </summary>
    public bool EvalLossPerLabel { get; set; }

    /// <summary>The value that <see cref="PerDeviceEvalBatchSize"/> was set to; null if it was not.</summary>
    internal int? ExplicitEvalBatchSize { get; private set; }
}
