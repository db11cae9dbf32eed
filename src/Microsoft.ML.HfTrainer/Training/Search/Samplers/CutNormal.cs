namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>A normal distribution truncated to a range.</summary>
internal readonly struct CutNormal
{
    private readonly double _mean, _deviation, _below, _inside;

    public CutNormal(double mean, double deviation, double low, double high)
    {
        // A range of one number has no width; any standard deviation will do.
        (_mean, _deviation) = (mean, deviation > 0 ? deviation : 1);
        _below = Cumulative((low - _mean) / _deviation);
        _inside = Math.Max(Cumulative((high - _mean) / _deviation) - _below, double.Epsilon);
    }

    public double Density(double x)
    {
        var z = (x - _mean) / _deviation;
        return Math.Exp(-z * z / 2) / (_deviation * Math.Sqrt(2 * Math.PI) * _inside);
    }

    public double Probability(double low, double high) => (Cumulative((high - _mean) / _deviation) - Cumulative((low - _mean) / _deviation)) / _inside;

    /// <summary>Returns a quantile of the truncated distribution.</summary>
    public double Quantile(double share)
    {
        var (target, low, high) = (_below + share * _inside, -10.0, 10.0);
        // Bisection is exact enough after this many steps, and needs no inverse.
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Cumulative(middle) < target ? (middle, high) : (low, middle);
        }
        return _mean + _deviation * low;
    }

    // Computed with the power series and the continued fraction of the error function (Abramowitz and Stegun, 7.1.6 and 7.1.14).
    private static double Cumulative(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var tail = x < 3 ? (1 - ErrorFunction(x)) / 2 : ErrorTail(x) / 2;
        return z < 0 ? tail : 1 - tail;
    }

    private static double ErrorFunction(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * sum; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double ErrorTail(double x)
    {
        var fraction = x;
        for (var n = 60; n > 0; n--)
            fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
