using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>A range of numbers.</summary>
public sealed record NumberRange : SearchRange
{
    /// <summary>Creates a range of numbers, both ends included.</summary>
    /// <exception cref="ArgumentException">The range is invalid.</exception>
    public NumberRange(double low, double high, double? step = null, bool isLog = false) : base(low, high, step, isLog) => Check(nameof(NumberRange));

    /// <inheritdoc/>
    public override object ValueOf(double number) => number;

    /// <inheritdoc/>
    public override double? NumberOf(object? value) =>
        double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Inside(number) : null;
}
