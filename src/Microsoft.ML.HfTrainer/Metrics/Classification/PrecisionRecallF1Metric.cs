using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary><c>precision</c>, <c>recall</c> and <c>f1</c>, as defined by scikit-learn. Keeps three counts per class.</summary>
/// <param name="average">The averaging over classes.</param>
public sealed class PrecisionRecallF1Metric(MetricAverage average = MetricAverage.Binary) : ClassMetric
{
    private static readonly (string Key, Func<PrecisionRecallF1, double> Value)[] _all = [("precision", s => s.Precision), ("recall", s => s.Recall), ("f1", s => s.F1)];

    private readonly ClassCounts _counts = new();

    /// <inheritdoc/>
    public override string Name => string.Join('/', Keys) + KeySuffix;

    /// <summary>Gets the averaging over classes.</summary>
    public MetricAverage Average { get; } = Enum.IsDefined(average) ? average : throw new ArgumentOutOfRangeException(nameof(average), average, $"{average} is no {nameof(MetricAverage)}.");

    /// <summary>Gets the positive class of <see cref="MetricAverage.Binary"/>. Default: 1.</summary>
    public int PositiveLabel { get; init; } = 1;

    /// <summary>Gets the classes to average over. If null, those that occur as a label or a prediction. Default: null.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>Gets the names of the classes, used in the keys of <see cref="MetricAverage.PerLabel"/>. If null, the class indices are used. Default: null.</summary>
    public IReadOnlyList<string>? LabelNames { get; init; }

    /// <summary>Gets the value of a score whose denominator is 0. Default: 0.</summary>
    public double ZeroDivision
    {
        get;
        init
        {
            if (value is not (0 or 1 or double.NaN))
                throw new ArgumentOutOfRangeException(nameof(ZeroDivision), value, FormattableString.Invariant($"{nameof(ZeroDivision)} is {value}; it should be 0, 1 or NaN."));
            field = value;
        }
    }

    /// <summary>Gets the scores to return, of <c>precision</c>, <c>recall</c> and <c>f1</c>. Default: all three.</summary>
    public IReadOnlyList<string> Keys
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Keys));
            if (value.FirstOrDefault(key => !Array.Exists(_all, v => v.Key == key)) is { } unknown)
                throw new ArgumentException($"{nameof(Keys)} has '{unknown}'; known are {string.Join(", ", _all.Select(v => v.Key))}.{NamedChoice.Suggestion(unknown, _all.Select(v => v.Key))}", nameof(Keys));
            if (value.Count == 0)
                throw new ArgumentException($"{nameof(Keys)} is empty; name at least one of {string.Join(", ", _all.Select(v => v.Key))}.", nameof(Keys));
            field = value;
        }
    } = [.. _all.Select(v => v.Key)];

    /// <summary>Gets the suffix of the keys, so that several averages can be part of one set. Default: empty.</summary>
    public string KeySuffix { get; init; } = "";

    /// <summary>Returns the scores named in <see cref="Keys"/>; with <see cref="MetricAverage.PerLabel"/>, one for each class, such as <c>f1_0</c>.</summary>
    public override IReadOnlyDictionary<string, double> Compute()
    {
        var wanted = _all.Where(v => Keys.Contains(v.Key));
        return Average == MetricAverage.PerLabel
            ? wanted.SelectMany(v => PerLabel().Select(s => (Key: $"{v.Key}_{NameOf(s.Key)}{KeySuffix}", Value: v.Value(s.Value)))).ToDictionary(v => v.Key, v => v.Value)
            : Score(Average) is var score ? wanted.ToDictionary(v => v.Key + KeySuffix, v => v.Value(score)) : [];
    }

    /// <summary>Returns the scores of each class.</summary>
    public IReadOnlyDictionary<int, PrecisionRecallF1> PerLabel() => Averaged.ToDictionary(label => label, label => _counts[label].Score(ZeroDivision));

    /// <summary>Returns the averaged scores; NaN if there are no examples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The average is <see cref="MetricAverage.PerLabel"/>.</exception>
    /// <exception cref="InvalidOperationException">The average is <see cref="MetricAverage.Binary"/>, and there are more than two classes.</exception>
    public PrecisionRecallF1 Score(MetricAverage average)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)average, (int)MetricAverage.PerLabel);
        if (_counts.Total == 0)
            return PrecisionRecallF1.Unknown;
        if (average != MetricAverage.Binary)
            return HitCount.Average([.. Averaged.Select(label => _counts[label])], average, ZeroDivision);
        var classes = _counts.Classes.Append(PositiveLabel).Distinct().Order().ToList();
        return classes.Count <= 2
            ? _counts[PositiveLabel].Score(ZeroDivision)
            : throw new InvalidOperationException($"{Name} is the binary score of class {PositiveLabel}, but there are the classes {string.Join(", ", classes.Take(10))}: choose an average, such as {string.Join('/', Keys)}_macro by name or MetricAverage.Macro.");
    }

    /// <inheritdoc/>
    public override void Reset() => _counts.Clear();

    /// <inheritdoc/>
    protected override void Add(int predicted, int label) => _counts.Add(predicted, label);

    private IEnumerable<int> Averaged => Labels ?? _counts.Classes;

    private string NameOf(int label) => LabelNames is { } names && label >= 0 && label < names.Count ? names[label] : $"{label}";
}
