namespace Microsoft.ML.HfTrainer;

/// <summary>BLEU and what it is made of.</summary>
/// <param name="Score">BLEU, from 0 to 100.</param>
/// <param name="Counts">Matches by n-gram length from one on, as smoothed.</param>
/// <param name="Totals">N-grams of the predictions by length, as smoothed.</param>
/// <param name="Precisions">The precision of each length, from 0 to 100.</param>
/// <param name="BrevityPenalty">The factor, at most 1, on predictions shorter than the references.</param>
/// <param name="SystemLength">Words of the predictions.</param>
/// <param name="ReferenceLength">Words of the references, for each prediction of the one nearest in length.</param>
public sealed record BleuScore(
    double Score, IReadOnlyList<double> Counts, IReadOnlyList<double> Totals, IReadOnlyList<double> Precisions, double BrevityPenalty, long SystemLength, long ReferenceLength);
