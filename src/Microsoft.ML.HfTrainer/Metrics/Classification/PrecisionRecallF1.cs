namespace Microsoft.ML.HfTrainer;

/// <summary>How well one class, or several taken together, was found.</summary>
/// <param name="Precision">The share of right ones among those predicted.</param>
/// <param name="Recall">The share of those there that were predicted.</param>
/// <param name="F1">The harmonic mean of the two.</param>
/// <param name="Support">How many there were.</param>
public readonly record struct PrecisionRecallF1(double Precision, double Recall, double F1, long Support)
{
    internal static PrecisionRecallF1 Unknown { get; } = new(double.NaN, double.NaN, double.NaN, 0);
}
