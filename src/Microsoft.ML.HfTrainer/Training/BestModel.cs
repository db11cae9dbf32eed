namespace Microsoft.ML.HfTrainer;

/// <summary>Which of two evaluations is better.</summary>
internal static class BestModel
{
    /// <summary>The name under which evaluations report a metric.</summary>
    public static string KeyOf(string metric) => metric.StartsWith("eval_", StringComparison.Ordinal) ? metric : "eval_" + metric;

    /// <summary>Whether a value is strictly better than the best so far; no number never is.</summary>
    public static bool IsBetter(TrainingArguments arguments, double value, double best) => arguments.HigherIsBetter ? value > best : value < best;
}
