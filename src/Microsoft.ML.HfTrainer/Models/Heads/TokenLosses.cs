using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>The cross-entropy of scores for each token; labels of <see cref="Batch.IgnoredLabel"/> do not count.</summary>
internal static class TokenLosses
{
    /// <summary>Returns the output for logits <c>[batch, length, classes]</c> and labels <c>[batch, length]</c>.</summary>
    public static ModelOutput Output(Tensor logits, Batch batch, LossReduction reduction = LossReduction.Mean) => new()
    {
        Logits = logits,
        Loss = LabelsOf(batch, logits) is { } labels ? Loss(logits, labels, batch, reduction) : null,
        LossReduction = reduction,
    };

    /// <summary>
    /// Returns the output for logits <c>[batch, length, vocabulary]</c> of the next token. Labels are those of the tokens themselves. The loss is their sum divided by
    /// <see cref="Batch.LabelCount"/>, or their mean if that is not known.
    /// </summary>
    public static ModelOutput NextTokenOutput(Tensor logits, Batch batch)
    {
        if (LabelsOf(batch, logits) is not { } labels)
            return new ModelOutput { Logits = logits };
        using var scope = NewDisposeScope();
        // Labels are shifted and not scores, of which there are as many for each label as tokens in the vocabulary.
        var next = cat([labels.narrow(1, 1, labels.shape[1] - 1), full_like(labels.narrow(1, 0, 1), Batch.IgnoredLabel)], 1);
        var loss = Loss(logits.to(ScalarType.Float32), next, batch, LossReduction.SumOverLabelCount);
        return new ModelOutput { Logits = logits, Loss = loss.MoveToOuterDisposeScope(), LossReduction = LossReduction.SumOverLabelCount };
    }

    private static Tensor? LabelsOf(Batch batch, Tensor logits)
    {
        if (batch.Find(Batch.Labels) is { } labels)
        {
            BatchCheck.Classes(batch, logits);
            return labels;
        }
        return null;
    }

    private static Tensor Loss(Tensor scores, Tensor labels, Batch batch, LossReduction reduction) =>
        reduction == LossReduction.SumOverLabelCount && batch.LabelCount is { } count ? CrossEntropy(scores, labels, nn.Reduction.Sum) / count : CrossEntropy(scores, labels);

    /// <summary>Computes the cross-entropy of scores <c>[..., classes]</c> and labels <c>[...]</c>.</summary>
    public static Tensor CrossEntropy(Tensor scores, Tensor labels, nn.Reduction reduction = nn.Reduction.Mean, long ignored = Batch.IgnoredLabel)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(scores.reshape(-1, scores.shape[^1]), labels.reshape(-1), ignore_index: ignored, reduction: reduction).MoveToOuterDisposeScope();
    }
}
