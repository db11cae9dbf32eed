using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>What a parameter of a search may be. Samplers work with numbers: the value itself, or the index of a choice.</summary>
public abstract record SearchDistribution
{
    private protected SearchDistribution()
    {
    }

    /// <summary>The value that a number stands for.</summary>
    public abstract object? ValueOf(double number);

    /// <summary>The number of a value; null where it is none of the distribution's.</summary>
    public abstract double? NumberOf(object? value);

    /// <summary>The numbers that a grid goes through.</summary>
    /// <param name="count">How many there are of a range that is not divided into steps.</param>
    internal abstract IReadOnlyList<double> Grid(int count);

    // As JSON and a user's choice of types may differ, what counts is how a value is written.
    private protected static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Numbers from <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
/// <param name="Step">What lies between two numbers; null: they are continuous.</param>
/// <param name="IsLog">Whether each order of magnitude is as likely as another.</param>
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

    /// <summary>The number of the range that is nearest to another.</summary>
    internal double Nearest(double number)
    {
        var stepped = Step is { } step ? Low + Math.Round((number - Low) / step) * step : number;
        return Math.Clamp(stepped, Low, Step is { } whole ? Low + Math.Floor((High - Low) / whole + 1e-9) * whole : High);
    }

    private protected double? Inside(double number) => number >= Low && number <= High ? number : null;

    private protected void Check(string name)
    {
        if (!(Low <= High) || !double.IsFinite(High - Low))
            throw new ArgumentException(FormattableString.Invariant($"The range {name} goes from {Low} to {High}; the first number should not be above the second."));
        if (IsLog && Low <= 0)
            throw new ArgumentException(FormattableString.Invariant($"The range {name} is logarithmic and begins at {Low}; it should begin above 0."));
        if (Step <= 0)
            throw new ArgumentException(FormattableString.Invariant($"The range {name} has the step {Step}; it should be above 0."));
    }
}

/// <summary>A number.</summary>
public sealed record NumberRange : SearchRange
{
    /// <summary>Numbers from a lowest to a highest one, both included.</summary>
    /// <exception cref="ArgumentException">There is no such range.</exception>
    public NumberRange(double low, double high, double? step = null, bool isLog = false) : base(low, high, step, isLog) => Check(nameof(NumberRange));

    /// <inheritdoc/>
    public override object ValueOf(double number) => number;

    /// <inheritdoc/>
    public override double? NumberOf(object? value) =>
        double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Inside(number) : null;
}

/// <summary>A whole number.</summary>
public sealed record IntegerRange : SearchRange
{
    /// <summary>Whole numbers from a lowest to a highest one, both included.</summary>
    /// <exception cref="ArgumentException">There is no such range.</exception>
    public IntegerRange(int low, int high, int step = 1, bool isLog = false) : base(low, high, step, isLog) => Check(nameof(IntegerRange));

    /// <inheritdoc/>
    public override object ValueOf(double number) => (int)Math.Round(number);

    /// <inheritdoc/>
    public override double? NumberOf(object? value) =>
        int.TryParse(Text(value), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? Inside(number) : null;
}

/// <summary>One of several values, between which there is no order.</summary>
public sealed record SearchChoices : SearchDistribution
{
    /// <summary>Choices, at least one.</summary>
    /// <exception cref="ArgumentException">There are none, or two are written alike.</exception>
    public SearchChoices(IReadOnlyList<object?> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is nothing to choose from; give at least one value.", nameof(values));
        if (values.GroupBy(Text).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            throw new ArgumentException($"The value '{twice.Key}' stands twice among the choices; give each once.", nameof(values));
        Values = values;
    }

    /// <summary>The values.</summary>
    public IReadOnlyList<object?> Values { get; }

    /// <inheritdoc/>
    public override object? ValueOf(double number) => Values[(int)Math.Round(number)];

    /// <inheritdoc/>
    public override double? NumberOf(object? value)
    {
        for (var i = 0; i < Values.Count; i++)
            if (Text(Values[i]) == Text(value))
                return i;
        return null;
    }

    internal override IReadOnlyList<double> Grid(int count) => [.. Enumerable.Range(0, Values.Count).Select(i => (double)i)];
}
