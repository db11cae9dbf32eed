using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The registry of optimizers, by the names that <see cref="TrainingArguments.Optim"/> accepts: those of the Hugging Face Trainer, and PyTorch's other optimizers in
/// lower case. Each reads its settings from <see cref="TrainingArguments.OptimArgs"/> under the parameter names of PyTorch's constructors (<c>beta1</c> and <c>beta2</c>
/// for <c>betas</c>); an unknown setting is an error. The weight decay is that of the parameter groups.
/// </summary>
public static class Optimizers
{
    /// <summary>Creates an optimizer.</summary>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="groups">The parameter groups, with their learning rates and weight decays.</param>
    public delegate Optimizer Factory(OptimizerSettings settings, IReadOnlyList<ParameterGroup> groups);

    private delegate Optimizer Maker(OptimizerSettings settings, IReadOnlyList<ParameterGroup> groups, KeywordReader options);

    private static readonly Dictionary<string, Factory> _own = new Dictionary<string, Maker>
    {
        ["adamw_torch"] = (s, groups, o) => AdamW(s, groups, o, OptimizerForm.Foreach),
        ["adamw_torch_fused"] = (s, groups, o) => AdamW(s, groups, o, OptimizerForm.Fused),
        ["adamw_hf"] = (s, groups, o) => new AdamWHf(groups, Beta1(s, o), Beta2(s, o), Epsilon(s, o), o.Flag("correct_bias", true)),
        ["adam"] = (s, groups, o) => new Adam(groups, Beta1(s, o), Beta2(s, o), Epsilon(s, o), o.Flag("amsgrad", false), Maximize(o), Form(o, OptimizerForm.Foreach)),
        ["adamax"] = (s, groups, o) => new Adamax(groups, Beta1(s, o), Beta2(s, o), Epsilon(s, o), Maximize(o)),
        ["nadam"] = (s, groups, o) => new NAdam(groups, Beta1(s, o), Beta2(s, o), Epsilon(s, o), o.Number("momentum_decay", 4e-3), Decoupled(o), Maximize(o)),
        ["radam"] = (s, groups, o) => new RAdam(groups, Beta1(s, o), Beta2(s, o), Epsilon(s, o), Decoupled(o), Maximize(o)),
        ["adadelta"] = (_, groups, o) => new Adadelta(groups, o.Number("rho", 0.9), o.Number("eps", 1e-6), Maximize(o)),
        ["adagrad"] = (_, groups, o) => new Adagrad(groups, o.Number("lr_decay", 0), o.Number("initial_accumulator_value", 0), o.Number("eps", 1e-10), Maximize(o)),
        ["rmsprop"] = (_, groups, o) => new RMSprop(groups, o.Number("alpha", 0.99), o.Number("eps", 1e-8), o.Number("momentum", 0), o.Flag("centered", false), Maximize(o)),
        ["sgd"] = (_, groups, o) => new SGD(groups, o.Number("momentum", 0), o.Number("dampening", 0), o.Flag("nesterov", false), Maximize(o)),
        ["adafactor"] = (_, groups, o) => new Adafactor(
            groups, o.Number("eps1", 1e-30), o.Number("eps2", 1e-3), o.Number("clip_threshold", 1), o.Number("decay_rate", -0.8), o.Number("beta1"),
            o.Flag("scale_parameter", false), o.Flag("relative_step", false), o.Flag("warmup_init", false)),
    }.ToDictionary(optimizer => optimizer.Key, optimizer => Read(optimizer.Key, optimizer.Value));

    private static readonly ConcurrentDictionary<string, Factory> _registered = new(_own);

    /// <summary>Gets the registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Registers an optimizer under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    /// <summary>Returns the factory registered under a name.</summary>
    /// <exception cref="ArgumentException">The name is unknown, or names an optimizer that is not supported.</exception>
    internal static Factory Get(string name) => Fault(name) is { } fault ? throw new ArgumentException(fault, nameof(OptimizerSettings.Optim)) : _registered[name];

    private static string? Fault(string name) => Names.Fault(name, nameof(OptimizerSettings.Optim), "optimizer") is not { } fault ? null
        : RefusedOptimizers.Reason(name) is { } reason ? $"TrainingArguments.Optim is '{name}': {reason}" : fault;

    /// <summary>Checks the name and the settings without parameters. Optimizers of the application check their settings themselves.</summary>
    internal static void Check(OptimizerSettings settings)
    {
        var factory = Get(settings.Optim);
        // The decay rates are checked with the training arguments.
        if (_own.ContainsValue(factory))
            factory(new OptimizerSettings { OptimArgs = settings.OptimArgs }, []).Dispose();
    }

    private static Factory Read(string name, Maker make) => (settings, groups) =>
    {
        var options = KeywordReader.OfOptimizer(settings.OptimArgs, name);
        var optimizer = make(settings, groups, options);
        options.Ignore("weight_decay");
        options.RefuseOthers();
        return optimizer;
    };

    private static AdamW AdamW(OptimizerSettings s, IReadOnlyList<ParameterGroup> groups, KeywordReader o, OptimizerForm form) =>
        new(groups, Beta1(s, o), Beta2(s, o), Epsilon(s, o), o.Flag("amsgrad", false), Maximize(o), Form(o, form));

    private static double Beta1(OptimizerSettings s, KeywordReader o) => o.Number("beta1", s.AdamBeta1);

    private static double Beta2(OptimizerSettings s, KeywordReader o) => o.Number("beta2", s.AdamBeta2);

    private static double Epsilon(OptimizerSettings s, KeywordReader o) => o.Number("eps", s.AdamEpsilon);

    private static bool Maximize(KeywordReader o) => o.Flag("maximize", false);

    private static bool Decoupled(KeywordReader o) => o.Flag("decoupled_weight_decay", false);

    private static OptimizerForm Form(KeywordReader o, OptimizerForm usual)
    {
        var (fused, each) = (o.Flag("fused", usual == OptimizerForm.Fused), o.Flag("foreach", usual == OptimizerForm.Foreach));
        return fused ? OptimizerForm.Fused : each ? OptimizerForm.Foreach : OptimizerForm.Plain;
    }
}
