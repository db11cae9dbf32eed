namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>average_precision</c>: the mean of the precision at each score threshold, weighted by the increase in recall; for more than two classes, the mean over classes, each
/// against the rest. 0 if there is no positive example; NaN if there are no examples or a score is NaN. All scores are kept, see <see cref="RankingMetric"/>.
/// </summary>
public sealed class AveragePrecisionMetric : RankingMetric
{
    /// <inheritdoc/>
    public override string Name => "average_precision";

    /// <inheritdoc/>
    protected override double Binary(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.IsEmpty || scores.Contains(double.NaN))
            return double.NaN;
        var (keys, right) = (scores.ToArray(), positive.ToArray());
        Array.Sort(keys, right);
        var (sum, hits, all) = (0.0, 0L, right.LongCount(r => r));
        for (var end = keys.Length; end > 0;)
        {
            // Equal scores are handled together: no threshold lies between them.
            var (score, before) = (keys[end - 1], hits);
            while (end > 0 && keys[end - 1] == score)
            {
                if (right[--end])
                    hits++;
            }
            sum += (hits - before) * (hits / (double)(keys.Length - end));
        }
        return all == 0 ? 0 : sum / all;
    }
}
