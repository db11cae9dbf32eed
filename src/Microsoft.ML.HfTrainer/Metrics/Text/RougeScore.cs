namespace Microsoft.ML.HfTrainer;

/// <summary>A ROUGE score.</summary>
/// <param name="Precision">The fraction of the prediction that occurs in the reference.</param>
/// <param name="Recall">The fraction of the reference that occurs in the prediction.</param>
/// <param name="F1">The harmonic mean of precision and recall.</param>
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
