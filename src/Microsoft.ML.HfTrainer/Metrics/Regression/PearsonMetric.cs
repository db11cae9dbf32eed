using Microsoft.ML.HfTrainer.Metrics.Regression;

namespace Microsoft.ML.HfTrainer;

/// <summary><c>pearson</c>: the Pearson correlation of predictions and labels; NaN if there are fewer than two values or one side is constant.</summary>
public sealed class PearsonMetric : RegressionMetric
{
    private Moments _moments;

    /// <inheritdoc/>
    public override string Name => "pearson";

    /// <inheritdoc/>
    public override void Reset() => _moments = default;

    /// <inheritdoc/>
    protected override void Add(double predicted, double label) => _moments.Add(predicted, label);

    /// <inheritdoc/>
    protected override double Value() => _moments.Correlation;
}
