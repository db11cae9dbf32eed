using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer;

/// <summary>Learning-rate schedules by the names that <see cref="TrainingArguments.LrSchedulerType"/> takes.</summary>
public static class LearningRateSchedules
{
    /// <summary>The factor on the learning rate for the update after <paramref name="step"/> updates.</summary>
    /// <param name="step">Updates made.</param>
    /// <param name="warmupSteps">Updates of warm-up.</param>
    /// <param name="totalSteps">Updates of the whole run.</param>
    public delegate double Factor(int step, int warmupSteps, int totalSteps);

    private static readonly ConcurrentDictionary<string, Factor> _registered = new()
    {
        ["linear"] = (s, w, t) => s < w ? Warmup(s, w) : Math.Max(0, (t - s) / (double)Math.Max(1, t - w)),
        ["cosine"] = (s, w, t) => s < w ? Warmup(s, w) : Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (s - w) / Math.Max(1, t - w)))),
        ["constant"] = (_, _, _) => 1,
        ["constant_with_warmup"] = (s, w, _) => s < w ? Warmup(s, w) : 1,
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Makes a schedule known under a name.</summary>
    public static void Register(string name, Factor factor) => _registered[name] = factor;

    internal static Factor Get(string name) => Names.Resolve(name, _registered, nameof(TrainingArguments.LrSchedulerType), "learning-rate schedule");

    private static double Warmup(int step, int warmupSteps) => step / (double)Math.Max(1, warmupSteps);
}
