using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Compares evaluations by the metric of the best model.</summary>
internal static class BestModel
{
    /// <summary>Returns the name under which evaluations report a metric.</summary>
    public static string KeyOf(string metric) => metric.StartsWith("eval_", StringComparison.Ordinal) ? metric : "eval_" + metric;

    /// <summary>Returns the value of the metric in an evaluation.</summary>
    /// <exception cref="ArgumentException">The evaluation does not have the metric.</exception>
    public static double ValueOf(string metric, IReadOnlyDictionary<string, double> metrics) => metrics.TryGetValue(KeyOf(metric), out var value)
        ? value
        : throw new ArgumentException($"TrainingArguments.MetricForBestModel is '{metric}', but the evaluation gives no '{KeyOf(metric)}'; it gives {string.Join(", ", metrics.Keys)}.{NamedChoice.Suggestion(KeyOf(metric), metrics.Keys)}");

    /// <summary>Returns true if a value is strictly better than the best so far; NaN never is.</summary>
    public static bool IsBetter(TrainingArguments arguments, double value, double best) => arguments.HigherIsBetter ? value > best : value < best;
}
