using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Predictions of a dataset, or of one of its batches, beside its labels: what <c>computeMetrics</c> is given. Valid until that function returns.</summary>
/// <param name="Predictions">Logits, or what was made of them, on the CPU, <c>[examples, ...]</c>, float32. Where lengths differ, the second axis is filled up with -100.</param>
/// <param name="LabelIds">Labels on the CPU; null where the dataset has none.</param>
public sealed record EvalPrediction(Tensor Predictions, Tensor? LabelIds)
{
    /// <summary>All of the model's predictions, if it gives several; the first one is <see cref="Predictions"/>.</summary>
    public IReadOnlyList<Tensor> AllPredictions { get; init; } = [Predictions];

    /// <summary>All labels, if <see cref="TrainingArguments.LabelNames"/> names several; the first ones are <see cref="LabelIds"/>.</summary>
    public IReadOnlyList<Tensor> AllLabelIds { get; init; } = LabelIds is null ? [] : [LabelIds];

    /// <summary>The inputs' <c>input_ids</c>, <c>[examples, length]</c>; null unless <see cref="TrainingArguments.IncludeForMetrics"/> has <c>inputs</c>.</summary>
    public Tensor? Inputs { get; init; }

    /// <summary>Each example's share of the loss, <c>[examples]</c>: its batch's mean; null unless <see cref="TrainingArguments.IncludeForMetrics"/> has <c>loss</c>.</summary>
    public Tensor? Losses { get; init; }

    /// <summary>Each batch by itself, in order, not filled up; empty unless <see cref="TrainingArguments.EvalDoConcatBatches"/> is false.</summary>
    public IReadOnlyList<EvalPrediction> Batches { get; init; } = [];

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
/// <param name="AllPredictions">The model's predictions on the CPU, each <c>[examples, ...]</c>; none if only the loss was wanted.</param>
/// <param name="AllLabelIds">Labels on the CPU, in the order of <see cref="TrainingArguments.LabelNames"/>; none where the dataset has none.</param>
/// <param name="Metrics">Loss, metrics and speed, by the original's names.</param>
public sealed record PredictionOutput(IReadOnlyList<Tensor> AllPredictions, IReadOnlyList<Tensor> AllLabelIds, IReadOnlyDictionary<string, double> Metrics) : IDisposable
{
    /// <summary>The first of the predictions: logits.</summary>
    /// <exception cref="InvalidOperationException"><see cref="TrainingArguments.PredictionLossOnly"/> is set.</exception>
    public Tensor Predictions => AllPredictions.Count > 0 ? AllPredictions[0] : throw new InvalidOperationException("There are no predictions: TrainingArguments.PredictionLossOnly is set.");

    /// <summary>The labels, the first ones if there are several; null where the dataset has none.</summary>
    public Tensor? LabelIds => AllLabelIds.Count > 0 ? AllLabelIds[0] : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in AllPredictions.Concat(AllLabelIds))
            tensor.Dispose();
    }
}
