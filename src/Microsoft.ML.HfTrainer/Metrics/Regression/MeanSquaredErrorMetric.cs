namespace Microsoft.ML.HfTrainer;

/// <summary><c>mse</c>: the mean squared error; NaN if there are no values.</summary>
public sealed class MeanSquaredErrorMetric : RegressionMetric
{
    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public override string Name => Root ? "rmse" : "mse";

    /// <summary>true to compute the root mean squared error, <c>rmse</c>. Default: false.</summary>
    public bool Root { get; init; }

    /// <inheritdoc/>
    public override void Reset() => (_sum, _count) = (0, 0);

    /// <inheritdoc/>
    protected override void Add(double predicted, double label)
    {
        _sum += (predicted - label) * (predicted - label);
        _count++;
    }

    /// <inheritdoc/>
    protected override double Value() => Root ? Math.Sqrt(_sum / _count) : _sum / _count;
}
