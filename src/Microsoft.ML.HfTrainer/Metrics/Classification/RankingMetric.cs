using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A metric of how scores order the examples. It has to keep them: eight bytes for each score and four for each label (two classes: one
/// score an example). Labels of -100 do not count.
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
    /// Logits <c>[examples, ..., classes]</c>, or <c>[examples, ...]</c> or one column for the positive class of two; labels <c>[examples, ...]</c>.
    /// Of two logits the difference counts; of more their log-probabilities.
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
    /// <param name="scores">One score of the positive class for each example; or with more than one class one for each, row by row.</param>
    /// <param name="labels">0 or 1; or the index of the class.</param>
    /// <param name="classes">How many scores each example has; of two the second counts.</param>
    /// <exception cref="ArgumentException">There are not as many scores as labels and classes ask for.</exception>
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

    /// <summary>The value for two classes.</summary>
    protected abstract double Binary(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive);

    /// <summary>The value for more classes: the mean of each against all others, unless a metric knows better.</summary>
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
