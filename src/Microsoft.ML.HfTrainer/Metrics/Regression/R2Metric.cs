using Microsoft.ML.HfTrainer.Metrics.Regression;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>r2</c>: the coefficient of determination, the fraction of the variance of the labels that the predictions explain. If all labels are equal, it is 1 if the predictions are
/// equal to them and 0 otherwise, as in scikit-learn. NaN if there are fewer than two values.
/// </summary>
public sealed class R2Metric : RegressionMetric
{
    private Moments _labels;
    private double _unexplained;

    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override void Reset() => (_labels, _unexplained) = (default, 0);

    /// <inheritdoc/>
    protected override void Add(double predicted, double label)
    {
        _labels.Add(label, label);
        _unexplained += (predicted - label) * (predicted - label);
    }

    /// <inheritdoc/>
    protected override double Value() => _labels switch
    {
        { Count: < 2 } => double.NaN,
        { SpreadX: 0 } => _unexplained == 0 ? 1 : 0,
        _ => 1 - _unexplained / _labels.SpreadX,
    };
}
