using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Cross-entropy of scores for each token; where a label is <see cref="Batch.IgnoredLabel"/> nothing is asked.</summary>
internal static class TokenLosses
{
    /// <summary>The output for logits <c>[batch, length, classes]</c> and labels <c>[batch, length]</c>.</summary>
    public static ModelOutput Output(Tensor logits, Batch batch, LossReduction reduction = LossReduction.Mean) => new()
    {
        Logits = logits,
        Loss = batch.Find(Batch.Labels) is { } labels ? Loss(logits, labels, batch, reduction) : null,
        LossReduction = reduction,
    };

    /// <summary>
    /// The output for logits <c>[batch, length, vocabulary]</c> of the token after each: the loss is the sum over labels, which are those of the tokens themselves,
    /// divided by <see cref="Batch.LabelCount"/>, or the mean where that is not known.
    /// </summary>
    public static ModelOutput NextTokenOutput(Tensor logits, Batch batch)
    {
        if (batch.Find(Batch.Labels) is not { } labels)
            return new ModelOutput { Logits = logits };
        using var scope = NewDisposeScope();
        // Labels are moved and not scores, which are as many for each label as there are tokens in the vocabulary.
        var next = cat([labels.narrow(1, 1, labels.shape[1] - 1), full_like(labels.narrow(1, 0, 1), Batch.IgnoredLabel)], 1);
        var loss = Loss(logits.to(ScalarType.Float32), next, batch, LossReduction.SumOverLabelCount);
        return new ModelOutput { Logits = logits, Loss = loss.MoveToOuterDisposeScope(), LossReduction = LossReduction.SumOverLabelCount };
    }

    private static Tensor Loss(Tensor scores, Tensor labels, Batch batch, LossReduction reduction) =>
        reduction == LossReduction.SumOverLabelCount && batch.LabelCount is { } count ? CrossEntropy(scores, labels, nn.Reduction.Sum) / count : CrossEntropy(scores, labels);

    /// <summary>Cross-entropy of scores <c>[..., classes]</c> and labels <c>[...]</c>.</summary>
    public static Tensor CrossEntropy(Tensor scores, Tensor labels, nn.Reduction reduction = nn.Reduction.Mean, long ignored = Batch.IgnoredLabel)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(scores.reshape(-1, scores.shape[^1]), labels.reshape(-1), ignore_index: ignored, reduction: reduction).MoveToOuterDisposeScope();
    }
}
