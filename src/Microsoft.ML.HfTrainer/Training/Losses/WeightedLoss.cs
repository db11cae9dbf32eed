using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training.Losses;

/// <summary>Losses with weights of classes, examples or both: the weighted sum divided by the number of labels, so that weights of 1 change nothing.</summary>
internal static class WeightedLoss
{
    /// <summary>Returns the cross-entropy of logits <c>[batch, classes]</c> and labels <c>[batch]</c>.</summary>
    /// <param name="classWeights">The weight of each class; null for 1.</param>
    public static LossFunction CrossEntropy(IReadOnlyList<float>? classWeights) => Of(classWeights, (logits, labels, batch, weights) =>
    {
        BatchCheck.Classes(batch, logits);
        return nn.functional.cross_entropy(logits.view(-1, logits.shape[^1]), labels.view(-1), weights, reduction: nn.Reduction.None);
    });

    /// <summary>Returns the binary cross-entropy of logits <c>[batch, classes]</c> and labels of 0 and 1 in the same shape.</summary>
    /// <param name="classWeights">The weight of the losses of each class; null for 1.</param>
    public static LossFunction BinaryCrossEntropy(IReadOnlyList<float>? classWeights) => Of(classWeights, (logits, labels, batch, weights) =>
    {
        BatchCheck.Decisions(batch, logits);
        return nn.functional.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype), weights, nn.Reduction.None);
    });

    /// <summary>Returns the squared error of outputs <c>[batch, 1]</c> and labels <c>[batch]</c>.</summary>
    public static LossFunction SquaredError() => Of(null, (outputs, labels, batch, _) =>
    {
        BatchCheck.Targets(batch, outputs);
        return (outputs.view(labels.shape) - labels.to(outputs.dtype)).pow(2);
    });

    private static LossFunction Of(IReadOnlyList<float>? classWeights, Func<Tensor, Tensor, Batch, Tensor?, Tensor> lossesOf) => (output, batch, labelCount) =>
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (output.Logits, batch.Get(Batch.Labels));
        var weights = classWeights is null ? null : tensor([.. classWeights], device: logits.device).to(logits.dtype);
        if (weights is not null && weights.numel() != logits.shape[^1])
            throw new ArgumentException($"There are {weights.numel()} class weights and {logits.shape[^1]} classes; give one weight for each class.");
        var losses = lossesOf(logits, labels, batch, weights);
        if (batch.Find(Batch.ExampleWeights) is { } own)
            losses = losses * own.to(losses.dtype).view([-1, .. Enumerable.Repeat(1L, (int)losses.dim() - 1)]);
        return (losses.sum() / (labelCount ?? labels.numel())).MoveToOuterDisposeScope();
    };
}
