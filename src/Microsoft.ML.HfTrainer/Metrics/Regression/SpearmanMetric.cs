using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Metrics.Regression;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>spearmanr</c>: the Spearman rank correlation of predictions and labels; NaN if there are fewer than two values, one side is constant, or a value is NaN. Keeps all values,
/// sixteen bytes each.
/// </summary>
public sealed class SpearmanMetric : RegressionMetric
{
    private readonly List<double> _predicted = [], _labels = [];

    /// <inheritdoc/>
    public override string Name => "spearmanr";

    /// <inheritdoc/>
    public override void Reset()
    {
        _predicted.Clear();
        _labels.Clear();
    }

    /// <inheritdoc/>
    protected override void Add(double predicted, double label)
    {
        _predicted.Add(predicted);
        _labels.Add(label);
    }

    /// <inheritdoc/>
    protected override double Value()
    {
        if (_predicted.Exists(double.IsNaN) || _labels.Exists(double.IsNaN))
            return double.NaN;
        var (x, y) = (Ranks.Of(CollectionsMarshal.AsSpan(_predicted)), Ranks.Of(CollectionsMarshal.AsSpan(_labels)));
        var moments = new Moments();
        for (var i = 0; i < x.Length; i++)
            moments.Add(x[i], y[i]);
        return moments.Correlation;
    }
}
