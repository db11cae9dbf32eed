using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary><c>precision</c>, <c>recall</c> and <c>f1</c>, as scikit-learn defines them. It keeps three counts for each class.</summary>
/// <param name="average">How the classes become one value.</param>
public sealed class PrecisionRecallF1Metric(MetricAverage average = MetricAverage.Binary) : ClassMetric
{
    private static readonly (string Key, Func<PrecisionRecallF1, double> Value)[] _all = [("precision", s => s.Precision), ("recall", s => s.Recall), ("f1", s => s.F1)];

    private readonly ClassCounts _counts = new();

    /// <inheritdoc/>
    public override string Name => string.Join('/', Keys) + KeySuffix;

    /// <summary>How the classes become one value.</summary>
    public MetricAverage Average { get; } = average;

    /// <summary>The class that <see cref="MetricAverage.Binary"/> is about.</summary>
    public int PositiveLabel { get; init; } = 1;

    /// <summary>The classes to be averaged; null: those that occur as a label or a prediction.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>The names of classes by index, for the values of <see cref="MetricAverage.PerLabel"/>; null: the indices.</summary>
    public IReadOnlyList<string>? LabelNames { get; init; }

    /// <summary>The value of a score that would divide by nothing.</summary>
    public double ZeroDivision { get; init; }

    /// <summary>Which values are given, of <c>precision</c>, <c>recall</c> and <c>f1</c>.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [.. _all.Select(v => v.Key)];

    /// <summary>What the names of the values end with, so that several averages go into one set.</summary>
    public string KeySuffix { get; init; } = "";

    /// <summary>Values by the names in <see cref="Keys"/>; with <see cref="MetricAverage.PerLabel"/> one for each class, such as <c>f1_0</c>.</summary>
    public override IReadOnlyDictionary<string, double> Compute()
    {
        var wanted = _all.Where(v => Keys.Contains(v.Key));
        return Average == MetricAverage.PerLabel
            ? wanted.SelectMany(v => PerLabel().Select(s => (Key: $"{v.Key}_{NameOf(s.Key)}{KeySuffix}", Value: v.Value(s.Value)))).ToDictionary(v => v.Key, v => v.Value)
            : Score(Average) is var score ? wanted.ToDictionary(v => v.Key + KeySuffix, v => v.Value(score)) : [];
    }

    /// <summary>The scores of single classes.</summary>
    public IReadOnlyDictionary<int, PrecisionRecallF1> PerLabel() => Averaged.ToDictionary(label => label, label => _counts[label].Score(ZeroDivision));

    /// <summary>The scores in one of the averages; NaN where nothing was added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The average is none.</exception>
    /// <exception cref="InvalidOperationException">The average is of two classes, and there are more.</exception>
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
