namespace Microsoft.ML.HfTrainer;

/// <summary>Converts metrics to the functions that a <see cref="Trainer"/> takes.</summary>
public static class EvalMetricFunctions
{
    /// <summary>Computes a metric for a single set of predictions. Examples added before are discarded.</summary>
    public static IReadOnlyDictionary<string, double> Of(this IEvalMetric metric, EvalPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(metric);
        metric.Reset();
        metric.Add(prediction);
        var values = metric.Compute();
        metric.Reset();
        return values;
    }

    /// <summary>Returns a function of all predictions of a dataset, for the parameter <c>computeMetrics</c> of a <see cref="Trainer"/>.</summary>
    public static Func<EvalPrediction, IReadOnlyDictionary<string, double>> ToComputeMetrics(this IEvalMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return prediction => metric.Of(prediction);
    }

    /// <summary>
    /// Returns a function that is called with each batch, for <see cref="Trainer.ComputeBatchMetrics"/>. For the last batch, indicated by the second argument, it returns the values of
    /// all batches and resets the metric. Predictions are not kept longer than their batch.
    /// </summary>
    public static Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>> ToBatchMetrics(this IEvalMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return (batch, last) =>
        {
            // An evaluation that was canceled left its batches behind.
            if (batch.IsFirstBatch)
                metric.Reset();
            metric.Add(batch);
            if (!last)
                return new Dictionary<string, double>();
            var values = metric.Compute();
            metric.Reset();
            return values;
        };
    }
}
