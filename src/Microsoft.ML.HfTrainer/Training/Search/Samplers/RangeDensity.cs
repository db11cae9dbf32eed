namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>
/// The density of a range: a mixture of normal distributions truncated to the range, one around each observed number, as wide as the larger gap to its neighbors, and one as
/// wide as the range for the prior.
/// </summary>
internal sealed class RangeDensity : IParzenDensity
{
    // The narrowest distribution, as a fraction of the range.
    private const int Narrowest = 100;

    private readonly ScaledRange _range;
    private readonly double[] _weights;
    private readonly CutNormal[] _parts;

    public RangeDensity(ScaledRange range, double[] seen)
    {
        _range = range;
        _weights = ParzenWeights.WithPrior(seen.Length);
        double[] means = [.. seen.Select(range.FromNumber), (range.Low + range.High) / 2];
        var deviations = Deviations(means);
        _parts = [.. means.Zip(deviations, (mean, deviation) => new CutNormal(mean, deviation, range.Low, range.High))];
    }

    public double Draw(SearchRandom random)
    {
        var part = _parts[random.NextIndex(_weights)];
        return _range.ToNumber(part.Quantile(random.NextDouble()));
    }

    public double At(double number) => _range.Cell(number) is { } cell
        ? Mix(part => part.Probability(cell.Low, cell.High))
        : Mix(part => part.Density(_range.FromNumber(number)));

    private double Mix(Func<CutNormal, double> of) => _parts.Select((part, i) => _weights[i] * of(part)).Sum();

    private double[] Deviations(double[] means)
    {
        var order = Enumerable.Range(0, means.Length).OrderBy(i => means[i]).ToArray();
        double[] sorted = [_range.Low, .. order.Select(i => means[i]), _range.High];
        var smallest = _range.Width / Math.Min(Narrowest, 1 + means.Length);
        var deviations = new double[means.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var (below, above) = (sorted[i + 1] - sorted[i], sorted[i + 2] - sorted[i + 1]);
            // The ends of the range do not count as neighbors if there are others.
            var gap = order.Length < 2 ? _range.Width : i == 0 ? above : i == order.Length - 1 ? below : Math.Max(below, above);
            deviations[order[i]] = Math.Clamp(gap, smallest, _range.Width);
        }
        deviations[^1] = _range.Width;
        return deviations;
    }
}
