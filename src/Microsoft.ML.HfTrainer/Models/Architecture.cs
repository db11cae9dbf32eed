using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Heads;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A family of models under one <c>model_type</c>: the names of its weights and a factory of models for each head. Register one, composed of the blocks in
/// <c>Microsoft.ML.HfTrainer.Models.Layers</c> or of TorchSharp's modules, to let the <c>AutoModel</c> classes load it.
/// </summary>
/// <param name="modelType">The <c>model_type</c> of <c>config.json</c>.</param>
/// <param name="basePrefix">The prefix of the body's weights in a model with a head, such as <c>bert</c>.</param>
public sealed class Architecture(string modelType, string basePrefix)
{
    /// <summary>Creates a model whose weights are not filled yet.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
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
    private JsonObject? _defaultFields;

    /// <summary>The <c>model_type</c> of <c>config.json</c>.</summary>
    public string ModelType { get; } = modelType;

    /// <summary>The prefix of the body's weights in a model with a head; weights are found with and without it.</summary>
    public string BasePrefix { get; } = basePrefix;

    /// <summary>
    /// The common start of the class names in Hugging Face Transformers, such as <c>Bert</c> of <c>BertForTokenClassification</c>. A saved configuration names the class. Default: the
    /// model type.
    /// </summary>
    public string ClassName { get; init; } = modelType;

    /// <summary>Weights that checkpoints hold under another name than the model: the name in checkpoints by that in the model.</summary>
    public Dictionary<string, string> FileNames { get; } = [];

    /// <summary>Returns how many of the position embeddings of a configuration are never used by a token. Default: 0.</summary>
    public Func<PretrainedConfig, int> UnusedPositions { get; init; } = _ => 0;

    /// <summary>The values of fields that a configuration may omit, as a JSON object: those of Hugging Face's configuration class. They are not saved. Default: none.</summary>
    public string Defaults { get; init; } = "{}";

    /// <summary>
    /// Fields that the architecture names differently than most: its own name by the common one, such as <c>n_embd</c> by <c>hidden_size</c>. A configuration may have either; the common one
    /// counts if it has both. Default: none.
    /// </summary>
    internal IReadOnlyDictionary<string, string> OwnNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Returns the common and the own name of a field, given one of them; the same twice if it has one name.</summary>
    internal (string Common, string Own) NamesOf(string field)
    {
        foreach (var (common, own) in OwnNames)
            if (field == common || field == own)
                return (common, own);
        return (field, field);
    }

    /// <summary><see cref="Defaults"/> by field. Reading them changes nothing in them, so that any thread may.</summary>
    internal JsonObject DefaultFields => _defaultFields ??= new JsonObject(JsonNode.Parse(Defaults)!.AsObject().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    /// <summary>The heads that the architecture has.</summary>
    public IReadOnlyCollection<ModelHead> Heads => _heads.Keys;

    /// <summary>The factory of models with a head.</summary>
    /// <param name="head">The head.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public Factory this[ModelHead head]
    {
        get => _heads.TryGetValue(head, out var factory)
            ? factory
            : throw new NotSupportedException($"The architecture '{ModelType}' has no head {head}; it has {string.Join(", ", _heads.Keys)}.");
        set => _heads[head] = value;
    }

    /// <summary>The registered architectures by <c>model_type</c>.</summary>
    public static IReadOnlyDictionary<string, Architecture> Registered => _registered;

    /// <summary>Registers an architecture. It replaces one of the same <c>model_type</c>.</summary>
    public static void Register(Architecture architecture) => _registered[architecture.ModelType] = architecture;

    /// <summary>Returns the name of the Hugging Face class of models with that head.</summary>
    internal string ClassNameOf(ModelHead head) => _classNames.TryGetValue(head, out var own) ? own : head switch
    {
        ModelHead.Base or ModelHead.SentenceEmbedding => ClassName + "Model",
        ModelHead.Seq2SeqLM => ClassName + "ForConditionalGeneration",
        _ => $"{ClassName}For{head}",
    };

    /// <summary>Returns the prefix of the body's weights in models with that head; empty if they have none.</summary>
    internal string PrefixOf(ModelHead head) => _prefixes.TryGetValue(head, out var own) ? own : head is ModelHead.Base or ModelHead.SentenceEmbedding ? "" : BasePrefix;

    /// <summary>The prefixes of the body's weights in models of any head; a checkpoint may be one of each of them.</summary>
    internal IReadOnlyList<string> Prefixes => [.. _prefixes.Values.Prepend(BasePrefix).Where(prefix => prefix.Length > 0).Distinct()];

    /// <summary>Adds a head. With <see cref="ModelHead.Base"/> sentence embeddings are added too, which are computed from hidden states.</summary>
    /// <param name="head">The head.</param>
    /// <param name="body">Creates the body.</param>
    /// <param name="make">Creates the head.</param>
    /// <param name="className">The name of the Hugging Face class, if it does not follow from <see cref="ClassName"/>.</param>
    /// <param name="prefix">The prefix of the body's weights, if it differs from <see cref="BasePrefix"/>.</param>
    /// <returns>The architecture itself.</returns>
    public Architecture With(ModelHead head, ModelBody.Factory body, TaskHead.Factory make, string? className = null, string? prefix = null)
    {
        Name(head, className, prefix);
        this[head] = (config, attention) => new HeadedModel(config, this, head, attention, body, make);
        return head == ModelHead.Base
            ? With(ModelHead.SentenceEmbedding, body, config => SentenceEmbeddingHead.Over(make(config))(config))
            : this;
    }

    /// <summary>Adds a head of an encoder-decoder whose labels are the target text, from which the decoder's inputs are made.</summary>
    /// <param name="head">The head.</param>
    /// <param name="body">Creates the body, an <see cref="EncoderDecoderBody"/>.</param>
    /// <param name="make">Creates the head.</param>
    /// <param name="className">The name of the Hugging Face class, if it does not follow from <see cref="ClassName"/>.</param>
    /// <returns>The architecture itself.</returns>
    public Architecture WithEncoderDecoder(ModelHead head, ModelBody.Factory body, TaskHead.Factory make, string? className = null)
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
