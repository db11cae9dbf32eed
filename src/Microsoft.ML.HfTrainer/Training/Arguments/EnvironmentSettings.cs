namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>The environment variables of the original that stand in for arguments.</summary>
internal static class EnvironmentSettings
{
    private static readonly string[] _true = ["1", "true", "t", "yes", "y", "on"];

    /// <summary><c>fp16</c>, <c>bf16</c> or <c>no</c>.</summary>
    public static string? MixedPrecision => Read("ACCELERATE_MIXED_PRECISION")?.ToLowerInvariant();

    public static bool UseCpu => Read("ACCELERATE_USE_CPU") is { } value && _true.Contains(value, StringComparer.OrdinalIgnoreCase);

    public static string? TensorboardLoggingDir => Read("TENSORBOARD_LOGGING_DIR");

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
