namespace Microsoft.ML.HfTrainer.Metrics;

/// <summary>The numbers of correct predictions, predictions and actual examples of a class.</summary>
internal readonly record struct HitCount(long Hits, long Predicted, long Actual)
{
    public static HitCount operator +(HitCount a, HitCount b) => new(a.Hits + b.Hits, a.Predicted + b.Predicted, a.Actual + b.Actual);

    public PrecisionRecallF1 Score(double zeroDivision = 0) => new(
        Predicted == 0 ? zeroDivision : Hits / (double)Predicted,
        Actual == 0 ? zeroDivision : Hits / (double)Actual,
        Predicted + Actual == 0 ? zeroDivision : 2 * Hits / (double)(Predicted + Actual),
        Actual);

    /// <summary>Averages the scores of several classes.</summary>
    public static PrecisionRecallF1 Average(IReadOnlyCollection<HitCount> counts, MetricAverage average, double zeroDivision = 0)
    {
        var sum = counts.Aggregate(default(HitCount), (all, one) => all + one);
        if (average == MetricAverage.Micro)
            return sum.Score(zeroDivision);
        if (average == MetricAverage.Macro && counts.Count == 0)
            return PrecisionRecallF1.Unknown;
        Func<HitCount, double> weight = average == MetricAverage.Weighted ? count => count.Actual : _ => 1;
        var total = counts.Sum(weight);
        if (total == 0)
            return new(zeroDivision, zeroDivision, zeroDivision, 0);
        double Mean(Func<PrecisionRecallF1, double> part) => counts.Sum(count => weight(count) * part(count.Score(zeroDivision))) / total;
        return new(Mean(s => s.Precision), Mean(s => s.Recall), Mean(s => s.F1), sum.Actual);
    }
}
