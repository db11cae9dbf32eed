using System.Globalization;

namespace Microsoft.ML.HfTrainer;

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
