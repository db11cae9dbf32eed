namespace Microsoft.ML.HfTrainer;

/// <summary><c>mse</c>: the mean of squared differences; NaN where there are none.</summary>
public sealed class MeanSquaredErrorMetric : RegressionMetric
{
    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public override string Name => Root ? "rmse" : "mse";

    /// <summary>Whether the square root is taken, under the name <c>rmse</c>.</summary>
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
