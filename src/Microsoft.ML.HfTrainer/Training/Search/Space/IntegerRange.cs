using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>A range of integers.</summary>
public sealed record IntegerRange : SearchRange
{
    /// <summary>Creates a range of integers, both ends included.</summary>
    /// <exception cref="ArgumentException">The range is invalid.</exception>
    public IntegerRange(int low, int high, int step = 1, bool isLog = false) : base(low, high, step, isLog) => Check(nameof(IntegerRange));

    /// <inheritdoc/>
    public override object ValueOf(double number) => (int)Math.Round(number);

    /// <inheritdoc/>
    public override double? NumberOf(object? value) =>
        int.TryParse(Text(value), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? Inside(number) : null;
}
