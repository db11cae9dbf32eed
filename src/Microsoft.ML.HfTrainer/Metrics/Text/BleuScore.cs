namespace Microsoft.ML.HfTrainer;

/// <summary>BLEU with its components.</summary>
/// <param name="Score">BLEU, from 0 to 100.</param>
/// <param name="Counts">The matching n-grams of each order, from 1, after smoothing.</param>
/// <param name="Totals">The n-grams of the predictions of each order, after smoothing.</param>
/// <param name="Precisions">The precision of each order, from 0 to 100.</param>
/// <param name="BrevityPenalty">The brevity penalty, at most 1, for predictions that are shorter than the references.</param>
/// <param name="SystemLength">The number of words in the predictions.</param>
/// <param name="ReferenceLength">The number of words in the references; for each prediction, the reference closest in length counts.</param>
public sealed record BleuScore(
    double Score, IReadOnlyList<double> Counts, IReadOnlyList<double> Totals, IReadOnlyList<double> Precisions, double BrevityPenalty, long SystemLength, long ReferenceLength);
