namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>
/// A range on the scale on which its numbers are uniformly distributed, which is logarithmic for a logarithmic range. A range with steps is extended by half a step, so that its
/// ends are as likely as other numbers after rounding.
/// </summary>
internal sealed record ScaledRange(SearchRange Range, double Low, double High)
{
    public static ScaledRange Of(SearchRange range)
    {
        var half = (range.Step ?? 0) / 2;
        // Below half a step there is no logarithm: the lowest number has a smaller share then.
        var low = range.IsLog && range.Low - half <= 0 ? range.Low / 2 : range.Low - half;
        var high = range.Nearest(range.High) + half;
        return range.IsLog ? new ScaledRange(range, Math.Log(low), Math.Log(high)) : new ScaledRange(range, low, high);
    }

    public double Width => High - Low;

    public double Draw(SearchRandom random) => ToNumber(Low + random.NextDouble() * Width);

    public double ToNumber(double scaled) => Range.Nearest(Range.IsLog ? Math.Exp(scaled) : scaled);

    public double FromNumber(double number) => Range.IsLog ? Math.Log(number) : number;

    /// <summary>Returns the part of the scale that is rounded to a number; null if the range is continuous.</summary>
    public (double Low, double High)? Cell(double number)
    {
        if (Range.Step is not { } step)
            return null;
        var (low, high) = (number - step / 2, number + step / 2);
        return Range.IsLog ? (low <= 0 ? Low : Math.Log(low), Math.Log(high)) : (low, high);
    }
}
