using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training.Losses;

/// <summary>Cross-entropy with weights of classes, examples or both: the weighted sum divided by the number of labels, so that weights of 1 change nothing.</summary>
internal static class WeightedCrossEntropy
{
    /// <summary>Returns the loss for logits <c>[batch, classes]</c> and labels <c>[batch]</c>.</summary>
    /// <param name="classWeights">The weight of each class; null for 1.</param>
    public static LossFunction Of(IReadOnlyList<float>? classWeights) => (output, batch, labelCount) =>
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (output.Logits, batch.Get(Batch.Labels));
        var weights = classWeights is null ? null : tensor([.. classWeights], device: logits.device);
        if (weights is not null && weights.numel() != logits.shape[^1])
            throw new ArgumentException($"There are {weights.numel()} class weights and {logits.shape[^1]} classes; give one weight for each class.");
        BatchCheck.Classes(batch, logits);
        var losses = nn.functional.cross_entropy(logits.view(-1, logits.shape[^1]), labels.view(-1), weights, reduction: nn.Reduction.None);
        if (batch.Find(Batch.ExampleWeights) is { } own)
            losses = losses * own.to(losses.dtype).view(-1);
        return (losses.sum() / (labelCount ?? labels.numel())).MoveToOuterDisposeScope();
    };
}
