using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The base class of metrics that depend on the order of the scores. All scores are kept: eight bytes per score and four per label, with one score per example for two
/// classes. Labels of -100 are ignored.
/// </summary>
public abstract class RankingMetric : IEvalMetric
{
    private readonly List<double> _scores = [];
    private readonly List<int> _labels = [];
    private int _columns = 1;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Adds logits and labels.</summary>
    /// <param name="batch">
    /// Logits <c>[examples, ..., classes]</c>, or <c>[examples, ...]</c> or <c>[examples, ..., 1]</c> for the positive one of two classes; labels <c>[examples, ...]</c>. The score
    /// is the difference of two logits, or the log-probability for more classes.
    /// </param>
    public void Add(EvalPrediction batch)
    {
        var (scores, classes, labels) = EvalInput.Scores(batch, Name);
        if (classes > 2)
            LogProbabilities.FromLogits(scores, classes);
        else if (classes == 2)
            (scores, classes) = ([.. scores.Chunk(2).Select(pair => pair[1] - pair[0])], 1);
        Add(scores, labels, classes);
    }

    /// <summary>Adds scores and labels.</summary>
    /// <param name="scores">One score of the positive class per example, or one score per class, row by row.</param>
    /// <param name="labels">The labels: 0 or 1, or the class index.</param>
    /// <param name="classes">The number of scores per example. Of two scores, the second one is used.</param>
    /// <exception cref="ArgumentException">The number of scores is not the number of labels times <paramref name="classes"/>.</exception>
    public void Add(ReadOnlySpan<double> scores, ReadOnlySpan<int> labels, int classes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (scores.Length != labels.Length * classes)
            throw new ArgumentException($"{Name} needs {classes} scores for each label; there are {labels.Length} labels and {scores.Length} scores.", nameof(scores));
        var columns = classes == 2 ? 1 : classes;
        if (_labels.Count > 0 && columns != _columns)
            throw new ArgumentException($"{Name} was given {_columns} scores for each example before and now {columns}.", nameof(classes));
        _columns = columns;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Batch.IgnoredLabel)
                continue;
            if (labels[i] < 0 || labels[i] >= Math.Max(2, classes))
                throw new ArgumentException($"{Name}: a label is {labels[i]}; with {classes} scores for each example it has to be from 0 to {Math.Max(2, classes) - 1}.", nameof(labels));
            _labels.Add(labels[i]);
            _scores.AddRange(classes == 2 ? scores.Slice(2 * i + 1, 1) : scores.Slice(classes * i, classes));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double>
    {
        [Name] = _columns == 1
            ? Binary(CollectionsMarshal.AsSpan(_scores), [.. _labels.Select(label => label == 1)])
            : Multiclass(_columns, CollectionsMarshal.AsSpan(_scores), CollectionsMarshal.AsSpan(_labels)),
    };

    /// <inheritdoc/>
    public void Reset()
    {
        _scores.Clear();
        _labels.Clear();
    }

    /// <summary>Computes the value for two classes.</summary>
    protected abstract double Binary(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive);

    /// <summary>Computes the value for more classes. The default implementation returns the mean over classes, each against the rest.</summary>
    protected virtual double Multiclass(int classes, ReadOnlySpan<double> scores, ReadOnlySpan<int> labels)
    {
        var sum = 0.0;
        for (var @class = 0; @class < classes; @class++)
            sum += OneAgainstRest(@class, classes, scores, labels);
        return sum / classes;
    }

    private protected double OneAgainstRest(int @class, int classes, ReadOnlySpan<double> scores, ReadOnlySpan<int> labels)
    {
        var (column, positive) = (new double[labels.Length], new bool[labels.Length]);
        for (var i = 0; i < labels.Length; i++)
            (column[i], positive[i]) = (scores[i * classes + @class], labels[i] == @class);
        return Binary(column, positive);
    }
}
