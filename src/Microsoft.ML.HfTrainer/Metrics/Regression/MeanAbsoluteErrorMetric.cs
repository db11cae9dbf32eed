namespace Microsoft.ML.HfTrainer;

/// <summary><c>mae</c>: the mean absolute error; NaN if there are no values.</summary>
public sealed class MeanAbsoluteErrorMetric : RegressionMetric
{
    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override void Reset() => (_sum, _count) = (0, 0);

    /// <inheritdoc/>
    protected override void Add(double predicted, double label)
    {
        _sum += Math.Abs(predicted - label);
        _count++;
    }

    /// <inheritdoc/>
    protected override double Value() => _sum / _count;
}
