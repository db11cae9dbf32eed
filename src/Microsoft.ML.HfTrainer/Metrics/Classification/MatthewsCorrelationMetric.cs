using Microsoft.ML.HfTrainer.Metrics.Classification;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>matthews_correlation</c>: the Matthews correlation coefficient of labels and predictions, for any number of classes (Gorodkin 2004). 0 if all labels or all
/// predictions are of one class; NaN if there are none. Keeps three counts per class.
/// </summary>
public sealed class MatthewsCorrelationMetric : ClassMetric
{
    private readonly ClassCounts _counts = new();

    /// <inheritdoc/>
    public override string Name => "matthews_correlation";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { [Name] = Correlation() };

    /// <inheritdoc/>
    public override void Reset() => _counts.Clear();

    /// <inheritdoc/>
    protected override void Add(int predicted, int label) => _counts.Add(predicted, label);

    private double Correlation()
    {
        if (_counts.Total == 0)
            return double.NaN;
        double all = _counts.Total, right = 0, both = 0, predicted = 0, actual = 0;
        foreach (var count in _counts.All)
        {
            right += count.Hits;
            both += (double)count.Predicted * count.Actual;
            predicted += (double)count.Predicted * count.Predicted;
            actual += (double)count.Actual * count.Actual;
        }
        var spread = (all * all - predicted) * (all * all - actual);
        return spread == 0 ? 0 : (right * all - both) / Math.Sqrt(spread);
    }
}
