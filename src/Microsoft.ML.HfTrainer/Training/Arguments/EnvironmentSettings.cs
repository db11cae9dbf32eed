namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Reads the Hugging Face environment variables that supply arguments.</summary>
internal static class EnvironmentSettings
{
    private static readonly string?[] _true = ["1", "true", "t", "yes", "y", "on"];

    /// <summary><c>fp16</c>, <c>bf16</c> or <c>no</c>.</summary>
    public static string? MixedPrecision => Read("ACCELERATE_MIXED_PRECISION")?.ToLowerInvariant();

    public static bool UseCpu => IsTrue("ACCELERATE_USE_CPU");

    public static string? TensorboardLoggingDir => Read("TENSORBOARD_LOGGING_DIR");

    /// <summary>Returns the faults of variables whose values are invalid or not supported.</summary>
    public static IEnumerable<string> Faults()
    {
        if (MixedPrecision is not (null or "no" or "fp16" or "bf16"))
            yield return $"The environment variable ACCELERATE_MIXED_PRECISION is '{MixedPrecision}'; it should be no, fp16 or bf16.";
        foreach (var variable in new[] { "ACCELERATE_USE_FSDP", "ACCELERATE_USE_DEEPSPEED" }.Where(IsTrue))
            yield return $"The environment variable {variable} is set, which is not supported: every process holds the whole model and optimizer; it should be false or unset.";
    }

    private static bool IsTrue(string variable) => _true.Contains(Read(variable), StringComparer.OrdinalIgnoreCase);

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
