using System.Globalization;

namespace Microsoft.ML.HfTrainer;

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
