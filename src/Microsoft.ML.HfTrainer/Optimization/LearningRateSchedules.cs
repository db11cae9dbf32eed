using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Learning-rate schedules by the names that <see cref="TrainingArguments.LrSchedulerType"/> takes. Settings of <see cref="TrainingArguments.LrSchedulerKwargs"/>
/// that a schedule does not take are an error; <c>constant</c> and <c>constant_with_warmup</c> ignore them all, as in the original.
/// </summary>
public static class LearningRateSchedules
{
    /// <summary>The factor on the learning rate for the update after <paramref name="step"/> updates.</summary>
    /// <param name="step">Updates made.</param>
    /// <param name="warmupSteps">Updates of warm-up.</param>
    /// <param name="totalSteps">Updates of the whole run.</param>
    public delegate double Factor(int step, int warmupSteps, int totalSteps);

    /// <summary>Makes a schedule for a run.</summary>
    /// <param name="optimizer">Whose groups it sets.</param>
    /// <param name="arguments">The settings of the run.</param>
    /// <param name="warmupSteps">Updates of warm-up.</param>
    /// <param name="totalSteps">Updates of the whole run.</param>
    /// <param name="options">The schedule's own settings; those that it does not know it should refuse.</param>
    public delegate LearningRateScheduler Factory(Optimizer optimizer, TrainingArguments arguments, int warmupSteps, int totalSteps, KeywordArguments options);

    private static readonly Dictionary<string, Factory> _own = new()
    {
        ["linear"] = ByUpdates("linear", (_, options) => ScheduleFactors.Linear(options)),
        ["cosine"] = ByUpdates("cosine", (_, options) => ScheduleFactors.Cosine(options)),
        ["cosine_with_restarts"] = ByUpdates("cosine_with_restarts", (_, options) => ScheduleFactors.CosineWithRestarts(options)),
        ["polynomial"] = ByUpdates("polynomial", (a, options) => ScheduleFactors.Polynomial(options, a.LearningRate)),
        ["constant"] = Of(ScheduleFactors.Constant()),
        ["constant_with_warmup"] = Of(ScheduleFactors.ConstantWithWarmup()),
        ["inverse_sqrt"] = ByUpdates("inverse_sqrt", (_, options) => ScheduleFactors.InverseSqrt(options)),
        ["cosine_with_min_lr"] = ByUpdates("cosine_with_min_lr", (a, options) => ScheduleFactors.CosineWithMinLr(options, a.LearningRate)),
        ["cosine_warmup_with_min_lr"] = ByUpdates("cosine_warmup_with_min_lr", (a, options) => ScheduleFactors.CosineWarmupWithMinLr(options, a.LearningRate)),
        ["warmup_stable_decay"] = ByUpdates("warmup_stable_decay", (_, options) => ScheduleFactors.WarmupStableDecay(options)),
        ["reduce_lr_on_plateau"] = (optimizer, _, _, _, options) => new PlateauScheduler(optimizer, options),
        ["greedy"] = (optimizer, _, _, _, options) => new GreedyScheduler(optimizer, options),
    };

    private static readonly ConcurrentDictionary<string, Factory> _registered = new(_own);

    /// <summary>The registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Makes a schedule known under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    /// <summary>Makes a schedule by updates made known under a name; it takes no settings and ignores them.</summary>
    public static void Register(string name, Factor factor) => Register(name, Of(factor));

    /// <summary>Makes the schedule of a run and sets the learning rate of its first update.</summary>
    /// <param name="optimizer">Whose groups it sets.</param>
    /// <param name="arguments">The settings of the run, which name the schedule.</param>
    /// <param name="totalSteps">Updates of the whole run.</param>
    /// <exception cref="ArgumentException">The schedule or one of its settings is unknown, missing or out of range.</exception>
    public static LearningRateScheduler Create(Optimizer optimizer, TrainingArguments arguments, int totalSteps) =>
        Get(arguments.LrSchedulerType)(optimizer, arguments, arguments.ResolveWarmupSteps(totalSteps), totalSteps, arguments.LrSchedulerKwargs ?? []);

    internal static Factory Get(string name) => Names.Resolve(name, _registered, nameof(TrainingArguments.LrSchedulerType), "learning-rate schedule");

    /// <summary>Checks name and settings before there is a run; the settings of registered ones are theirs to check.</summary>
    internal static void Check(TrainingArguments arguments)
    {
        using var none = new SGD([]);
        if (_own.ContainsValue(Get(arguments.LrSchedulerType)))
            Create(none, new TrainingArguments { LrSchedulerType = arguments.LrSchedulerType, LrSchedulerKwargs = arguments.LrSchedulerKwargs, LearningRate = arguments.LearningRate }, totalSteps: 1);
    }

    private static Factory Of(Factor factor) => (optimizer, _, warmup, total, _) => new LambdaScheduler(optimizer, step => factor(step, warmup, total));

    private static Factory ByUpdates(string name, Func<TrainingArguments, KeywordReader, Factor> read) => (optimizer, arguments, warmup, total, options) =>
    {
        var reader = KeywordReader.OfSchedule(options, name);
        var factor = read(arguments, reader);
        reader.RefuseOthers();
        return Of(factor)(optimizer, arguments, warmup, total, options);
    };
}
