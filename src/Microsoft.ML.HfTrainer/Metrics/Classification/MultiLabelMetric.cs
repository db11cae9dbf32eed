using Microsoft.ML.HfTrainer.Metrics;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Metrics of multi-label classification: <c>micro_f1</c>, <c>macro_f1</c> and <c>weighted_f1</c> over labels, <c>samples_f1</c> (the mean F1 of the examples),
/// <c>subset_accuracy</c> (the fraction of examples without any error) and <c>hamming_loss</c> (the fraction of wrong decisions). A score whose denominator is 0 is 0; all are NaN
/// if there are no labels. Labels of -100 are ignored. Keeps three counts per label.
/// </summary>
public sealed class MultiLabelMetric : IEvalMetric
{
    private HitCount[] _labels = [];
    private double _f1;
    private long _examples, _exact, _decisions, _wrong;

    /// <inheritdoc/>
    public string Name => "multilabel";

    /// <summary>Gets the logit above which a label is predicted. Default: 0, a probability of 0.5.</summary>
    public double Threshold
    {
        get;
        init
        {
            if (double.IsNaN(value))
                throw new ArgumentOutOfRangeException(nameof(Threshold), value, $"{nameof(Threshold)} is NaN, above which no logit lies; it should be a number.");
            field = value;
        }
    }

    /// <summary>Adds logits and labels.</summary>
    /// <param name="batch">Logits <c>[examples, labels]</c>, and labels of 0 or 1 in the same shape.</param>
    public void Add(EvalPrediction batch)
    {
        var (scores, labels, width) = EvalInput.Decisions(batch, Name);
        if (Array.Find(labels, label => label is not (0 or 1 or Batch.IgnoredLabel)) is not 0 and var odd)
            throw new ArgumentException(FormattableString.Invariant($"{Name} needs labels of 0 or 1, or {Batch.IgnoredLabel} for those that do not count; one is {odd}."), nameof(batch));
        Add([.. scores.Select(score => score > Threshold ? 1 : 0)], [.. labels.Select(label => (int)label)], width);
    }

    /// <summary>Adds decisions and labels, each 0 or 1.</summary>
    /// <param name="predicted">The decisions, row by row.</param>
    /// <param name="labels">The labels, in the same order.</param>
    /// <param name="width">The number of labels per example.</param>
    /// <exception cref="ArgumentException">The numbers of predictions and labels differ, or are not a multiple of <paramref name="width"/>.</exception>
    public void Add(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int width)
    {
        EvalInput.RequireSameCount(predicted.Length, labels.Length, Name, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (labels.Length % width != 0)
            throw new ArgumentException($"{Name}: {labels.Length} labels are no whole number of rows of {width}.", nameof(width));
        if (_examples > 0 && _labels.Length != width)
            throw new ArgumentException($"{Name} was given {_labels.Length} labels for each example before and now {width}.", nameof(width));
        Array.Resize(ref _labels, width);
        for (var start = 0; start < labels.Length; start += width)
            AddExample(predicted.Slice(start, width), labels.Slice(start, width));
    }

    /// <summary>Returns the precision, recall and F1 of each label, in the order of the labels.</summary>
    public IReadOnlyList<PrecisionRecallF1> PerLabel() => Array.ConvertAll(_labels, label => label.Score());

    /// <summary>Returns the precision, recall and F1 of all labels, as the micro average or a mean over labels; NaN if there are no labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The average is <see cref="MetricAverage.Binary"/> or <see cref="MetricAverage.PerLabel"/>.</exception>
    public PrecisionRecallF1 Score(MetricAverage average) => average is MetricAverage.Binary or MetricAverage.PerLabel
        ? throw new ArgumentOutOfRangeException(nameof(average), $"{Name} has the averages Micro, Macro and Weighted, not {average}.")
        : _decisions == 0 ? PrecisionRecallF1.Unknown : HitCount.Average(_labels, average);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double>
    {
        ["micro_f1"] = Score(MetricAverage.Micro).F1,
        ["macro_f1"] = Score(MetricAverage.Macro).F1,
        ["weighted_f1"] = Score(MetricAverage.Weighted).F1,
        ["samples_f1"] = _f1 / _examples,
        ["subset_accuracy"] = _exact / (double)_examples,
        ["hamming_loss"] = _wrong / (double)_decisions,
    };

    /// <inheritdoc/>
    public void Reset()
    {
        (_f1, _examples, _exact, _decisions, _wrong) = (0, 0, 0, 0, 0);
        _labels = [];
    }

    private void AddExample(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels)
    {
        var (example, counted, wrong) = (default(HitCount), 0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Batch.IgnoredLabel)
                continue;
            if (labels[i] is not (0 or 1))
                throw new ArgumentException($"{Name} needs labels of 0 or 1, or {Batch.IgnoredLabel} for those that do not count; one is {labels[i]}.", nameof(labels));
            var (said, right) = (predicted[i] > 0 ? 1 : 0, labels[i] > 0 ? 1 : 0);
            var count = new HitCount(said & right, said, right);
            example += count;
            _labels[i] += count;
            counted++;
            wrong += said ^ right;
        }
        if (counted == 0)
            return;
        _examples++;
        _decisions += counted;
        _wrong += wrong;
        _exact += wrong == 0 ? 1 : 0;
        _f1 += example.Score().F1;
    }
}
