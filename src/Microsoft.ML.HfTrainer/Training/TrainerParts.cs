using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The parts from which an estimator of <c>mlContext.HfTrainer</c> creates its trainer. <see cref="HfTrainerOptions.TrainerFactory"/> receives them, and passes them on
/// to <see cref="Trainer(TrainerParts)"/>.
/// </summary>
public sealed record TrainerParts
{
    /// <summary>Gets the model, on the device that trains. The estimator returns it in its transformer.</summary>
    public required nn.Module<Batch, ModelOutput> Model { get; init; }

    /// <summary>Gets the arguments, with the seed resolved.</summary>
    public required TrainingArguments Args { get; init; }

    /// <summary>Gets the examples to train on.</summary>
    public required Dataset TrainDataset { get; init; }

    /// <summary>Gets the examples of <see cref="HfTrainerOptions.ValidationSet"/>; null if it is not set.</summary>
    public Dataset? EvalDataset { get; init; }

    /// <summary>Gets the examples of each of <see cref="HfTrainerOptions.ValidationSets"/>; null if there are none.</summary>
    public IReadOnlyDictionary<string, Dataset>? EvalDatasets { get; init; }

    /// <summary>Gets the tokenizer of the token columns.</summary>
    public required HfTokenizer Tokenizer { get; init; }

    /// <summary>Gets the collator: that of the task, or that of <see cref="HfTrainerOptions.DataCollator"/>.</summary>
    public required IDataCollator DataCollator { get; init; }

    /// <summary>Gets the metrics of evaluations; null to report only the loss.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; init; }

    /// <summary>Gets the loss function; null for the loss of the model.</summary>
    public LossFunction? ComputeLossFunc { get; init; }

    /// <summary>Gets the callbacks. They include those that connect the trainer to its <see cref="MLContext"/>, so none should be removed.</summary>
    public IReadOnlyList<ITrainerCallback> Callbacks { get; init; } = [];

    /// <summary>Gets the logger, which writes to <c>MLContext.Log</c>.</summary>
    public required ILogger Logger { get; init; }
}
