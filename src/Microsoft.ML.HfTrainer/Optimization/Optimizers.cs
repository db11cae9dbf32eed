using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Optimizers by the names that <see cref="TrainingArguments.Optim"/> takes: the original's, and torch's other classes in lower case. Each reads its own settings from
/// <see cref="TrainingArguments.OptimArgs"/> under the names of torch's constructors (<c>beta1</c> and <c>beta2</c> for betas); others are an error. Weight decay is that
/// of the parameter groups.
/// </summary>
public static class Optimizers
{
    /// <summary>Makes an optimizer for parameter groups.</summary>
    public delegate Optimizer Factory(TrainingArguments arguments, IReadOnlyList<ParameterGroup> groups);

    private delegate Optimizer Maker(TrainingArguments arguments, IReadOnlyList<ParameterGroup> groups, KeywordReader options);

    private static readonly Dictionary<string, Factory> _own = new Dictionary<string, Maker>
    {
        ["adamw_torch"] = (a, groups, o) => AdamW(a, groups, o, OptimizerForm.Foreach),
        ["adamw_torch_fused"] = (a, groups, o) => AdamW(a, groups, o, OptimizerForm.Fused),
        ["adamw_hf"] = (a, groups, o) => new AdamWHf(groups, Beta1(a, o), Beta2(a, o), Epsilon(a, o), o.Flag("correct_bias", true)),
        ["adam"] = (a, groups, o) => new Adam(groups, Beta1(a, o), Beta2(a, o), Epsilon(a, o), o.Flag("amsgrad", false), Maximize(o), Form(o, OptimizerForm.Foreach)),
        ["adamax"] = (a, groups, o) => new Adamax(groups, Beta1(a, o), Beta2(a, o), Epsilon(a, o), Maximize(o)),
        ["nadam"] = (a, groups, o) => new NAdam(groups, Beta1(a, o), Beta2(a, o), Epsilon(a, o), o.Number("momentum_decay", 4e-3), Decoupled(o), Maximize(o)),
        ["radam"] = (a, groups, o) => new RAdam(groups, Beta1(a, o), Beta2(a, o), Epsilon(a, o), Decoupled(o), Maximize(o)),
        ["adadelta"] = (_, groups, o) => new Adadelta(groups, o.Number("rho", 0.9), o.Number("eps", 1e-6), Maximize(o)),
        ["adagrad"] = (_, groups, o) => new Adagrad(groups, o.Number("lr_decay", 0), o.Number("initial_accumulator_value", 0), o.Number("eps", 1e-10), Maximize(o)),
        ["rmsprop"] = (_, groups, o) => new RMSprop(groups, o.Number("alpha", 0.99), o.Number("eps", 1e-8), o.Number("momentum", 0), o.Flag("centered", false), Maximize(o)),
        ["sgd"] = (_, groups, o) => new SGD(groups, o.Number("momentum", 0), o.Number("dampening", 0), o.Flag("nesterov", false), Maximize(o)),
        ["adafactor"] = (_, groups, o) => new Adafactor(
            groups, o.Number("eps1", 1e-30), o.Number("eps2", 1e-3), o.Number("clip_threshold", 1), o.Number("decay_rate", -0.8), o.Number("beta1"),
            o.Flag("scale_parameter", false), o.Flag("relative_step", false), o.Flag("warmup_init", false)),
    }.ToDictionary(optimizer => optimizer.Key, optimizer => Read(optimizer.Key, optimizer.Value));

    private static readonly ConcurrentDictionary<string, Factory> _registered = new(_own);

    /// <summary>The registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Makes an optimizer known under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    internal static Factory Get(string name) => Fault(name) is { } fault ? throw new ArgumentException(fault, nameof(TrainingArguments.Optim)) : _registered[name];

    private static string? Fault(string name) => Names.Fault(name, nameof(TrainingArguments.Optim), "optimizer") is not { } fault ? null
        : RefusedOptimizers.Reason(name) is { } reason ? $"TrainingArguments.Optim is '{name}': {reason}" : fault;

    /// <summary>Checks name and settings before there is anything to optimize; the settings of registered ones are theirs to check.</summary>
    internal static void Check(TrainingArguments arguments)
    {
        var factory = Get(arguments.Optim);
        if (_own.ContainsValue(factory))
            factory(new TrainingArguments { OptimArgs = arguments.OptimArgs }, []).Dispose();
    }

    private static Factory Read(string name, Maker make) => (arguments, groups) =>
    {
        var options = KeywordReader.OfOptimizer(arguments.OptimArgs, name);
        var optimizer = make(arguments, groups, options);
        options.Ignore("weight_decay");
        options.RefuseOthers();
        return optimizer;
    };

    private static AdamW AdamW(TrainingArguments a, IReadOnlyList<ParameterGroup> groups, KeywordReader o, OptimizerForm form) =>
        new(groups, Beta1(a, o), Beta2(a, o), Epsilon(a, o), o.Flag("amsgrad", false), Maximize(o), Form(o, form));

    private static double Beta1(TrainingArguments a, KeywordReader o) => o.Number("beta1", a.AdamBeta1);

    private static double Beta2(TrainingArguments a, KeywordReader o) => o.Number("beta2", a.AdamBeta2);

    private static double Epsilon(TrainingArguments a, KeywordReader o) => o.Number("eps", a.AdamEpsilon);

    private static bool Maximize(KeywordReader o) => o.Flag("maximize", false);

    private static bool Decoupled(KeywordReader o) => o.Flag("decoupled_weight_decay", false);

    private static OptimizerForm Form(KeywordReader o, OptimizerForm usual)
    {
        var (fused, each) = (o.Flag("fused", usual == OptimizerForm.Fused), o.Flag("foreach", usual == OptimizerForm.Foreach));
        return fused ? OptimizerForm.Fused : each ? OptimizerForm.Foreach : OptimizerForm.Plain;
    }
}
