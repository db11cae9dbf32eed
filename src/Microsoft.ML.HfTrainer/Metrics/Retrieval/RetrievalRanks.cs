namespace Microsoft.ML.HfTrainer.Metrics.Retrieval;

/// <summary>The measures of a search in which each query has one right text, from the place at which it is found.</summary>
internal static class RetrievalRanks
{
    private const int Deepest = 10;

    private static readonly int[] _depths = [1, 3, 5, Deepest];

    /// <summary>
    /// Computes <c>accuracy@1</c>, <c>@3</c>, <c>@5</c> and <c>@10</c>, the share of queries whose text is among so many, <c>mrr@10</c>, the mean of 1 / rank, and <c>ndcg@10</c>, the mean of
    /// 1 / log2(1 + rank). A text behind the first ten counts as not found.
    /// </summary>
    /// <param name="ranks">The rank of the right text of each query, from 1.</param>
    /// <param name="prefix">What is put before the names.</param>
    public static Dictionary<string, double> Measures(IReadOnlyCollection<long> ranks, string prefix)
    {
        double Mean(Func<long, double> gain) => ranks.Average(rank => rank <= Deepest ? gain(rank) : 0);
        return new(_depths.Select(depth => KeyValuePair.Create($"{prefix}accuracy@{depth}", ranks.Average(rank => rank <= depth ? 1d : 0))))
        {
            [$"{prefix}mrr@{Deepest}"] = Mean(rank => 1d / rank),
            [$"{prefix}ndcg@{Deepest}"] = Mean(rank => 1 / Math.Log2(1 + rank)),
        };
    }
}
