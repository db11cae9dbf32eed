namespace Microsoft.ML.HfTrainer;

/// <summary><c>accuracy</c>: the fraction of labels that were predicted correctly; NaN if there are no labels.</summary>
public sealed class AccuracyMetric : ClassMetric
{
    private long _right, _counted;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { ["accuracy"] = _right / (double)_counted };

    /// <inheritdoc/>
    public override void Reset() => (_right, _counted) = (0, 0);

    /// <inheritdoc/>
    protected override void Add(int predicted, int label)
    {
        _counted++;
        if (predicted == label)
            _right++;
    }
}
