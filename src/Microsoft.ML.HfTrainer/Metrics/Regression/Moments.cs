namespace Microsoft.ML.HfTrainer.Metrics.Regression;

/// <summary>Means, spreads and the common spread of two values, kept up to date value by value (Welford 1962), which loses no digits where means are large.</summary>
internal struct Moments
{
    private double _meanX, _meanY;

    public long Count { get; private set; }

    /// <summary>The sum of squared distances of x from its mean.</summary>
    public double SpreadX { get; private set; }

    /// <summary>The sum of squared distances of y from its mean.</summary>
    public double SpreadY { get; private set; }

    /// <summary>The sum of products of both distances.</summary>
    public double Common { get; private set; }

    /// <summary>Pearson's correlation; NaN where a side has no spread.</summary>
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
