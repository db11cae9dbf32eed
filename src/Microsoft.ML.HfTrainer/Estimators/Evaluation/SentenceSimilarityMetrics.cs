using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>The metrics of scores of pairs of texts, which <see cref="HfTrainerCatalog.EvaluateSentenceSimilarity"/> computes.</summary>
public sealed class SentenceSimilarityMetrics
{
    internal SentenceSimilarityMetrics(double pearson, double spearman) => (Pearson, Spearman) = (pearson, spearman);

    /// <summary>Gets the Pearson correlation of scores and labels, from -1 to 1; NaN if one side is constant.</summary>
    public double Pearson { get; }

    /// <summary>Gets the Spearman rank correlation of scores and labels, from -1 to 1; NaN if one side is constant.</summary>
    public double Spearman { get; }

    /// <summary>Returns the metrics on one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"pearson {Pearson:F3}, spearman {Spearman:F3}");
}
