namespace Microsoft.ML.HfTrainer;

/// <summary>Metrics by their common names, to be given to a <see cref="Trainer"/> as <c>computeMetrics</c>: <c>computeMetrics: EvalMetrics.Accuracy</c>.</summary>
public static class EvalMetrics
{
    // Labels that loss and metrics leave out, such as padding.
    private const int Ignored = -100;

    /// <summary><c>accuracy</c>: the share of labels that are the class of the highest score, of all labels but -100; NaN where there are none.</summary>
    /// <param name="prediction">Scores <c>[examples, ..., classes]</c> and whole-number labels <c>[examples, ...]</c>.</param>
    /// <exception cref="ArgumentException">There is not one label for each predicted class.</exception>
    public static IReadOnlyDictionary<string, double> Accuracy(EvalPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return new Dictionary<string, double> { ["accuracy"] = Accuracy(prediction.PredictedClasses(), prediction.LabelClasses()) };
    }

    /// <summary>The share of labels that were predicted, of all labels but -100; NaN where there are none.</summary>
    /// <param name="predicted">The predicted classes.</param>
    /// <param name="labels">The right ones, in the same order.</param>
    /// <exception cref="ArgumentException">There is not one label for each predicted class.</exception>
    public static double Accuracy(IReadOnlyList<int> predicted, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(labels);
        if (predicted.Count != labels.Count)
            throw new ArgumentException($"Accuracy needs one label for each prediction; there are {labels.Count} labels and {predicted.Count} predictions.", nameof(labels));
        var (right, counted) = (0, 0);
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i] == Ignored)
                continue;
            counted++;
            if (predicted[i] == labels[i])
                right++;
        }
        return right / (double)counted;
    }
}
