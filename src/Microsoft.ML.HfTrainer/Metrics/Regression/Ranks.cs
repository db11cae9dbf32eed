namespace Microsoft.ML.HfTrainer.Metrics.Regression;

/// <summary>Computes ranks in ascending order.</summary>
internal static class Ranks
{
    /// <summary>Returns the rank of each value, from 1. Equal values get the mean of their ranks.</summary>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        var (sorted, order, ranks) = (values.ToArray(), new int[values.Length], new double[values.Length]);
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end + 1) / 2.0;
        }
        return ranks;
    }
}
