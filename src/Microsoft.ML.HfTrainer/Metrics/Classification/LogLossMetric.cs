using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary><c>log_loss</c>: the mean of -log of the probability that was given to the right class; NaN where there are no labels. Labels of -100 do not count.</summary>
public sealed class LogLossMetric : IEvalMetric
{
    // The distance from 0 and 1 that probabilities keep, as scikit-learn has it for double precision.
    private const double Least = 2.220446049250313e-16;

    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public string Name => "log_loss";

    /// <summary>Adds logits and labels.</summary>
    /// <param name="batch">Logits <c>[examples, ..., classes]</c>, or one for the positive class of two; labels <c>[examples, ...]</c>.</param>
    public void Add(EvalPrediction batch)
    {
        var (scores, classes, labels) = EvalInput.Scores(batch, Name);
        if (classes == 1)
            (scores, classes) = ([.. scores.SelectMany(score => new[] { 0, score })], 2);
        LogProbabilities.FromLogits(scores, classes);
        Add(Array.ConvertAll(scores, Math.Exp), labels, classes);
    }

    /// <summary>Adds probabilities and labels.</summary>
    /// <param name="probabilities">One for each class, row by row.</param>
    /// <param name="labels">The index of the right class for each row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentException">There are not as many probabilities as labels and classes ask for.</exception>
    public void Add(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes)
    {
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
