using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The result of <see cref="Trainer.Predict"/>.</summary>
/// <param name="AllPredictions">The predictions on the CPU, each <c>[examples, ...]</c>; empty if only the loss was requested.</param>
/// <param name="AllLabelIds">The labels on the CPU, in the order of <see cref="TrainingArguments.LabelNames"/>; empty if the dataset has none.</param>
/// <param name="Metrics">Loss, metrics and speed, by the names of the Hugging Face Trainer.</param>
public sealed record PredictionOutput(IReadOnlyList<Tensor> AllPredictions, IReadOnlyList<Tensor> AllLabelIds, IReadOnlyDictionary<string, double> Metrics) : IDisposable
{
    /// <summary>Gets the first prediction of the model, normally its logits.</summary>
    /// <exception cref="InvalidOperationException"><see cref="TrainingArguments.PredictionLossOnly"/> is set.</exception>
    public Tensor Predictions => AllPredictions.Count > 0 ? AllPredictions[0] : throw new InvalidOperationException("There are no predictions: TrainingArguments.PredictionLossOnly is set.");

    /// <summary>Gets the labels, the first ones if there are several; null if the dataset has none.</summary>
    public Tensor? LabelIds => AllLabelIds.Count > 0 ? AllLabelIds[0] : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in AllPredictions.Concat(AllLabelIds))
            tensor.Dispose();
    }
}
