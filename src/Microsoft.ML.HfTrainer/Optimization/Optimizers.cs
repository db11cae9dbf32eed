using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer;

/// <summary>Optimizers by the names that <see cref="TrainingArguments.Optim"/> takes.</summary>
public static class Optimizers
{
    /// <summary>Makes an optimizer for parameter groups.</summary>
    public delegate Optimizer Factory(TrainingArguments arguments, IReadOnlyList<ParameterGroup> groups);

    private static readonly ConcurrentDictionary<string, Factory> _registered = new()
    {
        ["adamw_torch"] = AdamW,
        ["adamw_torch_fused"] = AdamW,
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Makes an optimizer known under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    internal static Factory Get(string name) => Names.Resolve(name, _registered, nameof(TrainingArguments.Optim), "optimizer");

    private static AdamW AdamW(TrainingArguments a, IReadOnlyList<ParameterGroup> groups) => new(groups, a.AdamBeta1, a.AdamBeta2, a.AdamEpsilon);
}
