using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Metrics;

/// <summary>Reads the tensors of an evaluation as arrays.</summary>
internal static class EvalInput
{
    /// <summary>Returns the labels.</summary>
    public static Tensor Labels(EvalPrediction batch, string metric) => batch.LabelIds
        ?? throw new InvalidOperationException($"{metric}: the dataset has no labels, and the metric compares with them.");

    /// <summary>Returns predicted classes and labels, each flattened. Predictions in the shape of the labels are classes already.</summary>
    public static (int[] Predicted, int[] Labels) Classes(EvalPrediction batch, string metric)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var labels = Labels(batch, metric);
        if (SameShape(batch.Predictions, labels))
            return (Integers(batch.Predictions, "predictions", metric), Integers(labels, "labels", metric));
        RequireScores(batch.Predictions, labels, metric);
        return (Integers(batch.Predictions.argmax(-1), "predictions", metric), Integers(labels, "labels", metric));
    }

    /// <summary>Returns predicted classes and labels of each sequence.</summary>
    public static IEnumerable<(int[] Predicted, int[] Labels)> Sequences(EvalPrediction batch, string metric)
    {
        var (predicted, labels) = Classes(batch, metric);
        if (batch.LabelIds!.dim() != 2)
            throw new ArgumentException($"{metric} needs labels [examples, length]; they are {Shape(batch.LabelIds)}.", nameof(batch));
        var length = (int)batch.LabelIds.shape[1];
        return length == 0 ? [] : predicted.Chunk(length).Zip(labels.Chunk(length));
    }

    /// <summary>Returns the scores of all classes in double precision, row by row, and the label of each row. Scores without a class dimension are one column.</summary>
    public static (double[] Scores, int Classes, int[] Labels) Scores(EvalPrediction batch, string metric)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var labels = Labels(batch, metric);
        if (SameShape(batch.Predictions, labels))
            return (Doubles(batch.Predictions), 1, Integers(labels, "labels", metric));
        if (batch.Predictions.dim() != labels.dim() + 1 || !batch.Predictions.shape[..^1].SequenceEqual(labels.shape))
            throw Misfit(batch.Predictions, labels, metric);
        return (Doubles(batch.Predictions), (int)batch.Predictions.shape[^1], Integers(labels, "labels", metric));
    }

    /// <summary>Returns predictions and labels, each flattened. A last dimension of size 1 is ignored.</summary>
    public static (double[] Predicted, double[] Labels) Values(EvalPrediction batch, string metric)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var labels = Labels(batch, metric);
        if (!Squeezed(batch.Predictions).SequenceEqual(Squeezed(labels)))
            throw new ArgumentException($"{metric} needs one value for each label; the predictions are {Shape(batch.Predictions)} and the labels {Shape(labels)}.", nameof(batch));
        return (Doubles(batch.Predictions), Doubles(labels));
    }

    /// <summary>Returns the scores and labels of multi-label classification, row by row, and the number of labels.</summary>
    public static (double[] Scores, double[] Labels, int Width) Decisions(EvalPrediction batch, string metric)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var labels = Labels(batch, metric);
        if (labels.dim() < 2 || !SameShape(batch.Predictions, labels))
            throw new ArgumentException($"{metric} needs a score and a label for each example and class, [examples, classes] both; the predictions are {Shape(batch.Predictions)} and the labels {Shape(labels)}.", nameof(batch));
        return (Doubles(batch.Predictions), Doubles(labels), (int)labels.shape[^1]);
    }

    /// <summary>Throws if the numbers of predictions and labels differ.</summary>
    public static void RequireSameCount(int predictions, int labels, string metric, string argument)
    {
        if (predictions != labels)
            throw new ArgumentException($"{metric} needs one label for each prediction; there are {labels} labels and {predictions} predictions.", argument);
    }

    /// <summary>Formats a shape.</summary>
    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static void RequireScores(Tensor scores, Tensor labels, string metric)
    {
        if (scores.dim() != labels.dim() + 1 || !scores.shape[..^1].SequenceEqual(labels.shape))
            throw Misfit(scores, labels, metric);
        if (scores.shape[^1] < 2)
            throw new ArgumentException($"{metric} needs a score for each of two or more classes; the predictions {Shape(scores)} have one. A model with one output does regression.", nameof(scores));
    }

    private static ArgumentException Misfit(Tensor scores, Tensor labels, string metric) =>
        new($"{metric} needs scores [..., classes] or classes [...] for labels [...]; the predictions are {Shape(scores)} and the labels {Shape(labels)}.", nameof(scores));

    private static bool SameShape(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape);

    private static long[] Squeezed(Tensor tensor) => tensor.dim() > 1 && tensor.shape[^1] == 1 ? tensor.shape[..^1] : tensor.shape;

    private static int[] Integers(Tensor tensor, string what, string metric)
    {
        if (tensor.is_floating_point())
            return Array.ConvertAll(Doubles(tensor), value => (int)value is var whole && whole == value ? whole
                : throw new ArgumentException(FormattableString.Invariant($"{metric} needs whole numbers where {what} are classes; there is {value} in {what} {Shape(tensor)}."), what));
        using var values = tensor.detach().to(ScalarType.Int32).cpu().contiguous();
        return values.data<int>().ToArray();
    }

    private static double[] Doubles(Tensor tensor)
    {
        using var values = tensor.detach().to(ScalarType.Float64).cpu().contiguous();
        return values.data<double>().ToArray();
    }
}
