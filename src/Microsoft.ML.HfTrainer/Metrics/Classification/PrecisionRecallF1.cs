namespace Microsoft.ML.HfTrainer;

/// <summary>Precision, recall and F1 of one class, or of several classes together.</summary>
/// <param name="Precision">The fraction of the predicted examples that are correct.</param>
/// <param name="Recall">The fraction of the actual examples that were predicted.</param>
/// <param name="F1">The harmonic mean of precision and recall.</param>
/// <param name="Support">The number of actual examples.</param>
public readonly record struct PrecisionRecallF1(double Precision, double Recall, double F1, long Support)
{
    internal static PrecisionRecallF1 Unknown { get; } = new(double.NaN, double.NaN, double.NaN, 0);
}
