namespace Microsoft.ML.HfTrainer;

/// <summary>A range from <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
/// <param name="Low">The lowest number.</param>
/// <param name="High">The highest number.</param>
/// <param name="Step">The distance between two numbers; null for a continuous range.</param>
/// <param name="IsLog">true for a logarithmic range, in which all orders of magnitude are equally likely.</param>
public abstract record SearchRange(double Low, double High, double? Step, bool IsLog) : SearchDistribution
{
    /// <inheritdoc/>
    internal override IReadOnlyList<double> Grid(int count)
    {
        if (Step is { } step && !IsLog)
            return [.. Enumerable.Range(0, (int)Math.Floor((High - Low) / step + 1e-9) + 1).Select(i => Low + i * step)];
        var points = Enumerable.Range(0, count).Select(i => count == 1 ? 0.5 : i / (count - 1.0)).Select(share => IsLog
            ? Low * Math.Pow(High / Low, share)
            : Low + (High - Low) * share);
        return [.. points.Select(Nearest).Distinct()];
    }

    /// <summary>Returns the nearest number of the range.</summary>
    internal double Nearest(double number)
    {
        var stepped = Step is { } step ? Low + Math.Round((number - Low) / step) * step : number;
        return Math.Clamp(stepped, Low, Step is { } whole ? Low + Math.Floor((High - Low) / whole + 1e-9) * whole : High);
    }

    private protected double? Inside(double number) => number >= Low && number <= High ? number : null;

    private protected void Check(string name)
    {
        if (!(Low <= High) || !double.IsFinite(High - Low))
            throw new ArgumentException(FormattableString.Invariant(
                $"The range {name} goes from {Low} to {High}; the first number should not be above the second."));
        if (IsLog && Low <= 0)
            throw new ArgumentException(FormattableString.Invariant($"The range {name} is logarithmic and begins at {Low}; it should begin above 0."));
        if (Step <= 0)
            throw new ArgumentException(FormattableString.Invariant($"The range {name} has the step {Step}; it should be above 0."));
    }
}
