using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training.Losses;

/// <summary>Cross-entropy against labels that leave a share of their weight to all classes alike (Szegedy et al. 2015, arXiv:1512.00567).</summary>
internal static class LabelSmoothing
{
    /// <summary>The loss that gives a share <paramref name="factor"/> to all classes, over logits <c>[..., classes]</c> and labels <c>[...]</c>; -100 is left out.</summary>
    /// <param name="factor">The share.</param>
    /// <param name="shiftsLabels">Whether logits <c>[batch, length, classes]</c> are each of the label that follows.</param>
    public static LossFunction Of(double factor, bool shiftsLabels = false) => (output, batch, labelCount) =>
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (output.Logits, batch.Get(Batch.Labels).unsqueeze(-1));
        if (shiftsLabels)
            (logits, labels) = (logits.narrow(1, 0, logits.shape[1] - 1), labels.narrow(1, 1, labels.shape[1] - 1));
        var surprise = -nn.functional.log_softmax(logits, -1);
        var ignored = labels.eq(Batch.IgnoredLabel);
        var own = surprise.gather(-1, labels.clamp_min(0)).masked_fill(ignored, 0).sum();
        var all = surprise.sum(-1, keepdim: true, type: ScalarType.Float32).masked_fill(ignored, 0).sum();
        // Without a count of the whole update, the mean over this micro-batch.
        var active = labelCount is { } count ? count : (labels.numel() - ignored.sum().item<long>());
        return ((1 - factor) * own / active + factor * all / (active * logits.shape[^1])).MoveToOuterDisposeScope();
    };
}
