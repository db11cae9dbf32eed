namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>The default objective of a search.</summary>
internal static class SearchObjective
{
    private static readonly string[] _measurements = ["_runtime", "_per_second", "_model_preparation_time"];

    /// <summary>Returns the evaluation loss if there are no other metrics, and otherwise the sum of all metrics except the loss. Times, speeds and the epoch do not count as metrics.</summary>
    public static double Default(IReadOnlyDictionary<string, double> evaluation)
    {
        var metrics = evaluation.Where(m => m.Key is not ("eval_loss" or "epoch") && !IsMeasurement(m.Key)).ToList();
        if (metrics.Count > 0)
            return metrics.Sum(m => m.Value);
        return evaluation.TryGetValue("eval_loss", out var loss) ? loss : throw new ArgumentException(
            $"The search has no objective: the evaluation gives {string.Join(", ", evaluation.Keys)}, no loss and no metric. Give it labels, or the search " +
            "an objective.");
    }

    private static bool IsMeasurement(string name) => _measurements.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
