using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A family of models under one <c>model_type</c>: the prefix of its body's weight names and, by head, how a model is made. Register one to make
/// the <c>AutoModel</c> classes load it.
/// </summary>
/// <param name="modelType">The <c>model_type</c> of <c>config.json</c>.</param>
/// <param name="basePrefix">The name under which a model with a head holds its body, such as <c>bert</c>.</param>
public sealed class Architecture(string modelType, string basePrefix)
{
    /// <summary>Makes a model whose weights are not filled yet.</summary>
    public delegate PretrainedModel Factory(PretrainedConfig config, AttentionImplementation attention);

    private static readonly ConcurrentDictionary<string, Architecture> _registered = new(new[]
    {
        BertForSequenceClassification.Registration,
        DistilBertForSequenceClassification.Registration,
    }.ToDictionary(a => a.ModelType));

    private readonly Dictionary<ModelHead, Factory> _heads = [];

    /// <summary>The <c>model_type</c> of <c>config.json</c>.</summary>
    public string ModelType { get; } = modelType;

    /// <summary>The name under which a model with a head holds its body; weight names are accepted with and without it.</summary>
    public string BasePrefix { get; } = basePrefix;

    /// <summary>The heads it has.</summary>
    public IReadOnlyCollection<ModelHead> Heads => _heads.Keys;

    /// <summary>How a model with that head is made.</summary>
    public Factory this[ModelHead head]
    {
        get => _heads.TryGetValue(head, out var factory)
            ? factory
            : throw new NotSupportedException($"The architecture '{ModelType}' has no head {head}; it has {string.Join(", ", _heads.Keys)}.");
        set => _heads[head] = value;
    }

    /// <summary>The registered architectures by <c>model_type</c>.</summary>
    public static IReadOnlyDictionary<string, Architecture> Registered => _registered;

    /// <summary>Makes an architecture known, in place of one of the same <c>model_type</c>.</summary>
    public static void Register(Architecture architecture) => _registered[architecture.ModelType] = architecture;

    internal static Architecture For(PretrainedConfig config) =>
        _registered.TryGetValue(config.ModelType, out var architecture)
            ? architecture
            : throw config.Error("model_type", $"is \"{config.ModelType}\", which is not a registered architecture", $"one of {string.Join(", ", _registered.Keys.Order())}");
}
