using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>All predictions of a dataset beside its labels: what <c>computeMetrics</c> is given. Valid until that function returns.</summary>
/// <param name="Predictions">Logits on the CPU, <c>[examples, ...]</c>, float32.</param>
/// <param name="LabelIds">Labels on the CPU; null where the dataset has none.</param>
public sealed record EvalPrediction(Tensor Predictions, Tensor? LabelIds)
{
    /// <summary>The class with the highest score, for each example.</summary>
    public int[] PredictedClasses()
    {
        using var best = Predictions.argmax(-1);
        return Array.ConvertAll(best.data<long>().ToArray(), i => (int)i);
    }

    /// <summary>The label of each example, for whole-number labels.</summary>
    /// <exception cref="InvalidOperationException">The dataset has no labels.</exception>
    public int[] LabelClasses() => LabelIds is { } labels
        ? Array.ConvertAll(labels.data<long>().ToArray(), i => (int)i)
        : throw new InvalidOperationException("The dataset has no labels.");
}

/// <summary>The result of <see cref="Trainer.Predict"/>.</summary>
/// <param name="Predictions">Logits on the CPU, <c>[examples, ...]</c>.</param>
/// <param name="LabelIds">Labels on the CPU; null where the dataset has none.</param>
/// <param name="Metrics">Loss, metrics and speed, by the original's names.</param>
public sealed record PredictionOutput(Tensor Predictions, Tensor? LabelIds, IReadOnlyDictionary<string, double> Metrics) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Predictions.Dispose();
        LabelIds?.Dispose();
    }
}
