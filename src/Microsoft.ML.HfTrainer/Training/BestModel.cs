namespace Microsoft.ML.HfTrainer;

/// <summary>Which of two evaluations is better.</summary>
internal static class BestModel
{
    /// <summary>The name under which evaluations report a metric.</summary>
    public static string KeyOf(string metric) => metric.StartsWith("eval_", StringComparison.Ordinal) ? metric : "eval_" + metric;

    /// <summary>The metric's value in an evaluation.</summary>
    /// <exception cref="ArgumentException">The evaluation does not give it.</exception>
    public static double ValueOf(string metric, IReadOnlyDictionary<string, double> metrics) => metrics.TryGetValue(KeyOf(metric), out var value)
        ? value
        : throw new ArgumentException($"TrainingArguments.MetricForBestModel is '{metric}', but the evaluation gives no '{KeyOf(metric)}'; it gives {string.Join(", ", metrics.Keys)}.");

    /// <summary>Whether a value is strictly better than the best so far; no number never is.</summary>
    public static bool IsBetter(TrainingArguments arguments, double value, double best) => arguments.HigherIsBetter ? value > best : value < best;
}
