using Microsoft.ML.HfTrainer.Metrics.Regression;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>roc_auc</c>: the area under the receiver operating characteristic curve, which is the probability that a positive example scores higher than a negative one. NaN if a
/// class has no examples or a score is NaN. All scores are kept, see <see cref="RankingMetric"/>.
/// </summary>
/// <param name="average">The averaging over more than two classes: <see cref="MetricAverage.Macro"/> or <see cref="MetricAverage.Weighted"/>.</param>
/// <param name="oneAgainstOne">true to average over all pairs of more than two classes (Hand and Till 2001), false to average over classes, each against the rest.</param>
public sealed class RocAucMetric(MetricAverage average = MetricAverage.Macro, bool oneAgainstOne = false) : RankingMetric
{
    private readonly bool _weighted = average switch
    {
        MetricAverage.Macro => false,
        MetricAverage.Weighted => true,
        _ => throw new ArgumentException($"roc_auc of many classes is a mean over them, {nameof(MetricAverage.Macro)} or {nameof(MetricAverage.Weighted)}, not {average}.", nameof(average)),
    };

    /// <inheritdoc/>
    public override string Name => "roc_auc";

    /// <inheritdoc/>
    protected override double Binary(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        var (sum, right) = (0.0, 0L);
        var ranks = Ranks.Of(scores);
        for (var i = 0; i < positive.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                return double.NaN;
            if (!positive[i])
                continue;
            right++;
            sum += ranks[i];
        }
        return (sum - right * (right + 1) / 2.0) / ((double)right * (positive.Length - right));
    }

    /// <inheritdoc/>
    protected override double Multiclass(int classes, ReadOnlySpan<double> scores, ReadOnlySpan<int> labels)
    {
        var counts = new double[classes];
        foreach (var label in labels)
            counts[label]++;
        var (sum, weights) = (0.0, 0.0);
        for (var a = 0; a < classes; a++)
        {
            if (!oneAgainstOne)
                Take(OneAgainstRest(a, classes, scores, labels), counts[a], ref sum, ref weights);
            for (var b = a + 1; oneAgainstOne && b < classes; b++)
                Take((OfPair(a, b, classes, scores, labels) + OfPair(b, a, classes, scores, labels)) / 2, counts[a] + counts[b], ref sum, ref weights);
        }
        return sum / weights;
    }

    private void Take(double value, double count, ref double sum, ref double weights)
    {
        var weight = _weighted ? count : 1;
        sum += weight * value;
        weights += weight;
    }

    private double OfPair(int @class, int other, int classes, ReadOnlySpan<double> scores, ReadOnlySpan<int> labels)
    {
        var (column, positive) = (new List<double>(), new List<bool>());
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != @class && labels[i] != other)
                continue;
            column.Add(scores[i * classes + @class]);
            positive.Add(labels[i] == @class);
        }
        return Binary([.. column], [.. positive]);
    }
}
