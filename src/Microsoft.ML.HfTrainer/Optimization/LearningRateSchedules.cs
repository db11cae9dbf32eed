using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The registry of learning-rate schedules, by the names that <see cref="TrainingArguments.LrSchedulerType"/> accepts. A setting in
/// <see cref="TrainingArguments.LrSchedulerKwargs"/> that the schedule does not know is an error; <c>constant</c> and <c>constant_with_warmup</c> ignore all settings,
/// as in Hugging Face Transformers.
/// </summary>
public static class LearningRateSchedules
{
    /// <summary>Returns the factor of the learning rate for the next update.</summary>
    /// <param name="step">The number of updates made so far.</param>
    /// <param name="warmupSteps">The number of warm-up updates.</param>
    /// <param name="totalSteps">The number of updates of the whole run.</param>
    public delegate double Factor(int step, int warmupSteps, int totalSteps);

    /// <summary>Creates the schedule of a run.</summary>
    /// <param name="optimizer">The optimizer whose learning rates the schedule sets.</param>
    /// <param name="settings">The settings. A schedule should refuse <see cref="ScheduleSettings.LrSchedulerKwargs"/> that it does not know.</param>
    public delegate LearningRateScheduler Factory(Optimizer optimizer, ScheduleSettings settings);

    private static readonly Dictionary<string, Factory> _own = new()
    {
        ["linear"] = ByUpdates("linear", (options, _) => ScheduleFactors.Linear(options)),
        ["cosine"] = ByUpdates("cosine", (options, _) => ScheduleFactors.Cosine(options)),
        ["cosine_with_restarts"] = ByUpdates("cosine_with_restarts", (options, _) => ScheduleFactors.CosineWithRestarts(options)),
        ["polynomial"] = ByUpdates("polynomial", ScheduleFactors.Polynomial),
        ["constant"] = Of(ScheduleFactors.Constant()),
        ["constant_with_warmup"] = Of(ScheduleFactors.ConstantWithWarmup()),
        ["inverse_sqrt"] = ByUpdates("inverse_sqrt", (options, _) => ScheduleFactors.InverseSqrt(options)),
        ["cosine_with_min_lr"] = ByUpdates("cosine_with_min_lr", ScheduleFactors.CosineWithMinLr),
        ["cosine_warmup_with_min_lr"] = ByUpdates("cosine_warmup_with_min_lr", ScheduleFactors.CosineWarmupWithMinLr),
        ["warmup_stable_decay"] = ByUpdates("warmup_stable_decay", (options, _) => ScheduleFactors.WarmupStableDecay(options)),
        ["reduce_lr_on_plateau"] = (optimizer, settings) => new PlateauScheduler(optimizer, settings.LrSchedulerKwargs),
        ["greedy"] = (optimizer, settings) => new GreedyScheduler(optimizer, settings.LrSchedulerKwargs),
    };

    private static readonly ConcurrentDictionary<string, Factory> _registered = new(_own);

    /// <summary>Gets the registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Registers a schedule under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    /// <summary>Registers a schedule that depends only on the number of updates. It has no settings of its own and ignores any that are given.</summary>
    public static void Register(string name, Factor factor) => Register(name, Of(factor));

    /// <summary>Creates the schedule of a run and sets the learning rate of its first update.</summary>
    /// <param name="optimizer">The optimizer whose learning rates the schedule sets.</param>
    /// <param name="settings">The name and the settings of the schedule.</param>
    /// <exception cref="ArgumentException">The schedule or one of its settings is unknown, missing or out of range.</exception>
    public static LearningRateScheduler Create(Optimizer optimizer, ScheduleSettings settings) => Get(settings.LrSchedulerType)(optimizer, settings);

    internal static Factory Get(string name) => Names.Resolve(name, _registered, nameof(ScheduleSettings.LrSchedulerType), "learning-rate schedule");

    /// <summary>Checks the name and the settings without an optimizer. Schedules of the application check their settings themselves.</summary>
    internal static void Check(ScheduleSettings settings)
    {
        using var none = new SGD([]);
        if (_own.ContainsValue(Get(settings.LrSchedulerType)))
            Create(none, settings);
    }

    private static Factory Of(Factor factor) => (optimizer, settings) => new LambdaScheduler(optimizer, step => factor(step, settings.WarmupSteps, settings.TotalSteps));

    private static Factory ByUpdates(string name, Func<KeywordReader, double, Factor> read) => (optimizer, settings) =>
    {
        var options = KeywordReader.OfSchedule(settings.LrSchedulerKwargs, name);
        return Of(options.Done(read(options, settings.LearningRate)))(optimizer, settings);
    };
}
