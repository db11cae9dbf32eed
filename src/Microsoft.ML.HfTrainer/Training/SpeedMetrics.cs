namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Computes run time and speed, named and rounded as the Hugging Face Trainer does.</summary>
internal static class SpeedMetrics
{
    public static LogRecord Of(string prefix, TimeSpan elapsed, double samples, double steps)
    {
        var seconds = Math.Max(elapsed.TotalSeconds, 1e-9);
        return new LogRecord
        {
            [$"{prefix}_runtime"] = Math.Round(elapsed.TotalSeconds, 4),
            [$"{prefix}_samples_per_second"] = Math.Round(samples / seconds, 3),
            [$"{prefix}_steps_per_second"] = Math.Round(steps / seconds, 3),
        };
    }

    public static LogRecord OfTokens(string prefix, TimeSpan elapsed, long tokens) => new()
    {
        [$"{prefix}_runtime"] = Math.Round(elapsed.TotalSeconds, 4),
        [$"{prefix}_tokens_per_second"] = Math.Round(tokens / Math.Max(elapsed.TotalSeconds, 1e-9), 3),
    };
}
