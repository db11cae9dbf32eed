namespace Microsoft.ML.HfTrainer;

/// <summary>How well one text covers another.</summary>
/// <param name="Precision">The share of the prediction that is in the reference.</param>
/// <param name="Recall">The share of the reference that is in the prediction.</param>
/// <param name="F1">The harmonic mean of the two.</param>
public readonly record struct RougeScore(double Precision, double Recall, double F1)
{
    internal static RougeScore Of(int matches, int predicted, int reference)
    {
        if (matches == 0)
            return default;
        var (precision, recall) = (matches / (double)predicted, matches / (double)reference);
        return new(precision, recall, 2 * precision * recall / (precision + recall));
    }
}
