using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary><c>log_loss</c>: the mean negative log-probability of the correct class; NaN if there are no labels. Labels of -100 are ignored.</summary>
public sealed class LogLossMetric : IEvalMetric
{
    // Probabilities are clipped to this distance from 0 and 1, as in scikit-learn for double precision.
    private const double Least = 2.220446049250313e-16;

    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public string Name => "log_loss";

    /// <summary>Adds logits and labels.</summary>
    /// <param name="batch">Logits <c>[examples, ..., classes]</c>, or one logit for the positive one of two classes; labels <c>[examples, ...]</c>.</param>
    public void Add(EvalPrediction batch)
    {
        var (scores, classes, labels) = EvalInput.Scores(batch, Name);
        if (classes == 1)
            (scores, classes) = ([.. scores.SelectMany(score => new[] { 0, score })], 2);
        LogProbabilities.FromLogits(scores, classes);
        Add(Array.ConvertAll(scores, Math.Exp), labels, classes);
    }

    /// <summary>Adds probabilities and labels.</summary>
    /// <param name="probabilities">One probability per class, row by row.</param>
    /// <param name="labels">The index of the correct class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentException">The number of probabilities is not the number of labels times <paramref name="classes"/>.</exception>
    public void Add(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (probabilities.Length != labels.Length * classes)
            throw new ArgumentException($"{Name} needs {classes} probabilities for each label; there are {labels.Length} labels and {probabilities.Length} probabilities.", nameof(probabilities));
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Batch.IgnoredLabel)
                continue;
            if (labels[i] < 0 || labels[i] >= classes)
                throw new ArgumentException($"{Name}: a label is {labels[i]}; with {classes} classes it has to be from 0 to {classes - 1}.", nameof(labels));
            _sum -= Math.Log(Math.Clamp(probabilities[i * classes + labels[i]], Least, 1 - Least));
            _count++;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { [Name] = _sum / _count };

    /// <inheritdoc/>
    public void Reset() => (_sum, _count) = (0, 0);
}
