namespace Microsoft.ML.HfTrainer.Metrics.Classification;

/// <summary>Converts logits to log-probabilities.</summary>
internal static class LogProbabilities
{
    /// <summary>Applies log-softmax to each row in place.</summary>
    public static void FromLogits(Span<double> rows, int classes)
    {
        for (; rows.Length > 0; rows = rows[classes..])
        {
            var row = rows[..classes];
            var (highest, sum) = (double.NegativeInfinity, 0.0);
            foreach (var logit in row)
                highest = Math.Max(highest, logit);
            foreach (var logit in row)
                sum += Math.Exp(logit - highest);
            var log = highest + Math.Log(sum);
            foreach (ref var logit in row)
                logit -= log;
        }
    }
}
