using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The predictions and labels of a dataset or of one batch, as passed to <c>computeMetrics</c>. The tensors are valid until that function returns.</summary>
/// <param name="Predictions">The logits, or the preprocessed logits, on the CPU, <c>[examples, ...]</c>, float32. Sequences of different lengths are padded with -100 along the second axis.</param>
/// <param name="LabelIds">The labels on the CPU; null if the dataset has none.</param>
public sealed record EvalPrediction(Tensor Predictions, Tensor? LabelIds)
{
    /// <summary>Gets all outputs of the model. The first one is <see cref="Predictions"/>.</summary>
    public IReadOnlyList<Tensor> AllPredictions { get; init; } = [Predictions];

    /// <summary>Gets all labels, in the order of <see cref="TrainingArguments.LabelNames"/>. The first ones are <see cref="LabelIds"/>.</summary>
    public IReadOnlyList<Tensor> AllLabelIds { get; init; } = LabelIds is null ? [] : [LabelIds];

    /// <summary>Gets the <c>input_ids</c> of the inputs, <c>[examples, length]</c>; null unless <see cref="TrainingArguments.IncludeForMetrics"/> has <c>inputs</c>.</summary>
    public Tensor? Inputs { get; init; }

    /// <summary>Gets the loss of each example, <c>[examples]</c>: the mean loss of its batch; null unless <see cref="TrainingArguments.IncludeForMetrics"/> has <c>loss</c>.</summary>
    public Tensor? Losses { get; init; }

    /// <summary>Gets each batch by itself, in order and without padding to a common length; empty unless <see cref="TrainingArguments.EvalDoConcatBatches"/> is false.</summary>
    public IReadOnlyList<EvalPrediction> Batches { get; init; } = [];

    /// <summary>
    /// Gets the dataset of the evaluation, with one example for each prediction, in the same order unless <see cref="Trainer"/>.GetEvalSampler is overridden. Metrics read features from it that the
    /// model does not take, such as texts. Null for a single batch.
    /// </summary>
    public Dataset? Dataset { get; init; }

    /// <summary>
    /// Gets whether this is the first batch of an evaluation, for <see cref="Trainer.ComputeBatchMetrics"/>: what it has accumulated before belongs to an evaluation that
    /// was canceled or failed.
    /// </summary>
    public bool IsFirstBatch { get; init; }

    /// <summary>Returns the class with the highest score for each example.</summary>
    public int[] PredictedClasses()
    {
        using var best = Predictions.argmax(-1);
        return Array.ConvertAll(best.data<long>().ToArray(), i => (int)i);
    }

    /// <summary>Returns the label of each example, for integer labels.</summary>
    /// <exception cref="InvalidOperationException">The dataset has no labels.</exception>
    public int[] LabelClasses() => LabelIds is { } labels
        ? Array.ConvertAll(labels.data<long>().ToArray(), i => (int)i)
        : throw new InvalidOperationException("The dataset has no labels.");
}
