using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Heads;

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
        Albert.Registration,
        Bart.Registration,
        Bert.Registration,
        Camembert.Registration,
        DebertaV2.Registration,
        DistilBert.Registration,
        Electra.Registration,
        Gemma2.Registration,
        Gemma3.Registration,
        Gpt2.Registration,
        GptNeoX.Registration,
        Llama.Registration,
        Marian.Registration,
        MBart.Registration,
        Mistral.Registration,
        ModernBert.Registration,
        MPNet.Registration,
        MT5.Registration,
        Opt.Registration,
        Pegasus.Registration,
        Phi3.Registration,
        Qwen2.Registration,
        Qwen3.Registration,
        Roberta.Registration,
        T5.Registration,
        XlmRoberta.Registration,
    }.ToDictionary(a => a.ModelType));

    private readonly Dictionary<ModelHead, Factory> _heads = [];
    private readonly Dictionary<ModelHead, string> _classNames = [];
    private readonly Dictionary<ModelHead, string> _prefixes = [];

    /// <summary>The <c>model_type</c> of <c>config.json</c>.</summary>
    public string ModelType { get; } = modelType;

    /// <summary>The name under which a model with a head holds its body; weight names are accepted with and without it.</summary>
    public string BasePrefix { get; } = basePrefix;

    /// <summary>What the names of the original's classes begin with, such as <c>Bert</c> of <c>BertForTokenClassification</c>; a saved configuration names the class.</summary>
    public string ClassName { get; init; } = modelType;

    /// <summary>Weights whose names in files are others than in the original's models: the file's name by the model's.</summary>
    internal Dictionary<string, string> FileNames { get; } = [];

    /// <summary>How many of a configuration's positions no token has.</summary>
    internal Func<PretrainedConfig, int> UnusedPositions { get; init; } = _ => 0;

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

    /// <summary>The original's class of a model with that head.</summary>
    internal string ClassNameOf(ModelHead head) => _classNames.TryGetValue(head, out var own) ? own : head switch
    {
        ModelHead.Base or ModelHead.SentenceEmbedding => ClassName + "Model",
        ModelHead.Seq2SeqLM => ClassName + "ForConditionalGeneration",
        _ => $"{ClassName}For{head}",
    };

    /// <summary>The name under which a model with that head holds its body; empty: it has the body's own names.</summary>
    internal string PrefixOf(ModelHead head) => _prefixes.TryGetValue(head, out var own) ? own : head is ModelHead.Base or ModelHead.SentenceEmbedding ? "" : BasePrefix;

    /// <summary>The names under which models of some head hold their body; a file may be of any of them.</summary>
    internal IReadOnlyList<string> Prefixes => [.. _prefixes.Values.Prepend(BasePrefix).Where(prefix => prefix.Length > 0).Distinct()];

    /// <summary>Adds a head over the architecture's body; where it is none, what embeds sentences too, which is made of hidden states everywhere.</summary>
    /// <param name="head">Which one it is.</param>
    /// <param name="body">Makes the body.</param>
    /// <param name="make">Makes the head of a configuration.</param>
    /// <param name="className">The original's class, where its name does not follow from <see cref="ClassName"/>.</param>
    /// <param name="prefix">The name under which such a model holds its body, where it is another than <see cref="BasePrefix"/>.</param>
    internal Architecture With(ModelHead head, ModelBody.Factory body, TaskHead.Factory make, string? className = null, string? prefix = null)
    {
        Name(head, className, prefix);
        this[head] = (config, attention) => new HeadedModel(config, this, head, attention, body, make);
        return head == ModelHead.Base
            ? With(ModelHead.SentenceEmbedding, body, config => SentenceEmbeddingHead.Over(make(config))(config))
            : this;
    }

    /// <summary>Adds a head of a model that writes a text for a text, which makes its decoder's inputs of labels.</summary>
    /// <inheritdoc cref="With"/>
    internal Architecture WithWriter(ModelHead head, ModelBody.Factory body, TaskHead.Factory make, string? className = null)
    {
        Name(head, className, prefix: null);
        this[head] = (config, attention) => new EncoderDecoderModel(config, this, head, attention, body, make);
        return this;
    }

    internal static Architecture For(PretrainedConfig config) =>
        _registered.TryGetValue(config.ModelType, out var architecture)
            ? architecture
            : throw config.Error("model_type", $"is \"{config.ModelType}\", which is not a registered architecture", $"one of {string.Join(", ", _registered.Keys.Order())}");

    private void Name(ModelHead head, string? className, string? prefix)
    {
        if (className is not null)
            _classNames[head] = className;
        if (prefix is not null)
            _prefixes[head] = prefix;
    }
}
