using System.Globalization;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training.Losses;

/// <summary>Cross-entropy with label smoothing: a share of each label's weight is spread evenly over all classes (Szegedy et al. 2015, arXiv:1512.00567).</summary>
internal static class LabelSmoothing
{
    /// <summary>Returns the loss that spreads a share <paramref name="factor"/> over all classes, for logits <c>[..., classes]</c> and labels <c>[...]</c>; labels of -100 are ignored.</summary>
    /// <param name="factor">The share.</param>
    /// <param name="shiftsLabels">true if the logits <c>[batch, length, classes]</c> at a position predict the label of the next position.</param>
    public static LossFunction Of(double factor, bool shiftsLabels = false) => (output, batch, labelCount) =>
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (output.Logits, batch.Get(Batch.Labels).unsqueeze(-1));
        if (labels.is_floating_point() || logits.shape[^1] < 2)
            throw new ArgumentException($"TrainingArguments.LabelSmoothingFactor is {factor.ToString(CultureInfo.InvariantCulture)}, but there are no classes to smooth over: the labels are of the type {labels.dtype}, and the model has {logits.shape[^1]} outputs. It takes whole-number labels and two or more outputs; set it to 0.");
        BatchCheck.Classes(batch, output.Logits);
        if (shiftsLabels)
            (logits, labels) = (logits.narrow(1, 0, logits.shape[1] - 1), labels.narrow(1, 1, labels.shape[1] - 1));
        var surprise = -nn.functional.log_softmax(logits, -1);
        var ignored = labels.eq(Batch.IgnoredLabel);
        var own = surprise.gather(-1, labels.clamp_min(0)).masked_fill(ignored, 0).sum();
        var all = surprise.sum(-1, keepdim: true, type: ScalarType.Float32).masked_fill(ignored, 0).sum();
        // Without a label count of the whole update, the loss is the mean over this micro-batch.
        var active = labelCount is { } count ? count : (labels.numel() - ignored.sum().item<long>());
        return ((1 - factor) * own / active + factor * all / (active * logits.shape[^1])).MoveToOuterDisposeScope();
    };
}
