namespace Microsoft.ML.HfTrainer;

/// <summary>Metrics as the functions that a <see cref="Trainer"/> is given.</summary>
public static class EvalMetricFunctions
{
    /// <summary>The values of one set of predictions alone: what was added before is forgotten.</summary>
    public static IReadOnlyDictionary<string, double> Of(this IEvalMetric metric, EvalPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(metric);
        metric.Reset();
        metric.Add(prediction);
        var values = metric.Compute();
        metric.Reset();
        return values;
    }

    /// <summary>A function of all predictions of a dataset: <c>computeMetrics</c> of a <see cref="Trainer"/>.</summary>
    public static Func<EvalPrediction, IReadOnlyDictionary<string, double>> ToComputeMetrics(this IEvalMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return prediction => metric.Of(prediction);
    }

    /// <summary>
    /// A function of one batch after another, for <c>batch_eval_metrics</c>: it adds the batch, and where the second argument says that it
    /// was the last one it gives the values of all and starts afresh. No prediction is kept longer than its batch.
    /// </summary>
    public static Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>> ToBatchMetrics(this IEvalMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return (batch, last) =>
        {
            metric.Add(batch);
            if (!last)
                return new Dictionary<string, double>();
            var values = metric.Compute();
            metric.Reset();
            return values;
        };
    }
}
