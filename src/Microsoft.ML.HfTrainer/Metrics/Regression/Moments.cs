namespace Microsoft.ML.HfTrainer.Metrics.Regression;

/// <summary>Running means, variances and covariance of two variables (Welford 1962), which stay accurate if the means are large.</summary>
internal struct Moments
{
    private double _meanX, _meanY;

    public long Count { get; private set; }

    /// <summary>The sum of squared deviations of x from its mean.</summary>
    public double SpreadX { get; private set; }

    /// <summary>The sum of squared deviations of y from its mean.</summary>
    public double SpreadY { get; private set; }

    /// <summary>The sum of the products of both deviations.</summary>
    public double Common { get; private set; }

    /// <summary>The Pearson correlation; NaN if a variable is constant.</summary>
    public readonly double Correlation => Math.Clamp(Common / (Math.Sqrt(SpreadX) * Math.Sqrt(SpreadY)), -1, 1);

    public void Add(double x, double y)
    {
        Count++;
        var (dx, dy) = (x - _meanX, y - _meanY);
        _meanX += dx / Count;
        _meanY += dy / Count;
        SpreadX += dx * (x - _meanX);
        SpreadY += dy * (y - _meanY);
        Common += dx * (y - _meanY);
    }
}
