using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A model with a configuration that is loaded from, and saved as, a Hugging Face folder.</summary>
public abstract partial class PretrainedModel : nn.Module<Batch, ModelOutput>, INamedInputs
{
    /// <summary>Makes a model without weights.</summary>
    protected PretrainedModel(PretrainedConfig config, Architecture architecture) : base(architecture.ModelType)
    {
        Config = config;
        Architecture = architecture;
    }

    /// <summary>The configuration, saved with the model.</summary>
    public PretrainedConfig Config { get; }

    /// <summary>The family it belongs to.</summary>
    public Architecture Architecture { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyCollection<string> InputNames => ["input_ids", "attention_mask", .. LabelNames];

    /// <summary>The tensors of a batch that a loss is computed from; a batch that lacks one gives no loss.</summary>
    public virtual IReadOnlyList<string> LabelNames => [Batch.Labels];

    /// <summary>Whether each token's logits are of the label that follows it, so that a text's first label is in no loss.</summary>
    public virtual bool ShiftsLabels => false;

    /// <summary>How it makes sentence embeddings; null of another head.</summary>
    public virtual SentenceEmbeddingSettings? SentenceEmbedding => null;

    /// <summary>What loading found: names that were missing and so initialised, and names that the model does not have.</summary>
    public LoadReport LoadReport { get; internal set; } = LoadReport.Empty;

    /// <summary>The device of the weights.</summary>
    public Device Device => parameters().First().device;

    /// <summary>Parameters that files do not hold.</summary>
    internal HashSet<string> UnsavedNames() => NamesIn(layer => !layer.IsSaved);

    /// <summary>Parameters that files may lack.</summary>
    internal HashSet<string> OptionalNames() => NamesIn(layer => layer.IsOptional);

    /// <summary>The original's class of such a model.</summary>
    internal virtual string ClassName => GetType().Name;

    /// <summary>Weights that are another one of the model, by their names in the original, and that one's name.</summary>
    internal virtual IReadOnlyDictionary<string, string> TiedNames { get; } = new Dictionary<string, string>();

    /// <summary>Gives a weight of <see cref="TiedNames"/> memory of its own.</summary>
    internal virtual void Untie(string alias) => throw new NotSupportedException($"{ClassName} has no tied weight '{alias}'.");

    /// <summary>Fills one of its parameters, that of a block at <paramref name="path"/>, as new.</summary>
    internal virtual void Initialize(string path, Models.Layers.Layer layer, string name, Tensor parameter, double deviation) => layer.Initialize(name, parameter, deviation);

    /// <summary>Whether a weight belongs to the head and not to the body.</summary>
    internal virtual bool IsOfHead(string weight) => !weight.StartsWith(Architecture.BasePrefix + ".", StringComparison.Ordinal);

    /// <summary>Fills weights of the head that have files of their own in the model's folder.</summary>
    internal virtual LoadReport LoadFiles(string folder) => LoadReport.Empty;

    /// <summary>Writes the head's own files into the model's folder.</summary>
    internal virtual void SaveFiles(string folder)
    {
    }

    /// <summary>Where dropout takes its random numbers from.</summary>
    internal void UseRandomStream(RandomStream stream)
    {
        foreach (var dropout in modules().OfType<Models.Layers.Dropout>())
            dropout.Stream = stream;
    }

    /// <summary>Has every so-manieth layer of the model computed again in the backward pass; null: none.</summary>
    /// <exception cref="NotSupportedException">The model has no layers that can be.</exception>
    internal void UseRecomputation(Models.Layers.Recomputation? recomputation, int everyNLayers = 1)
    {
        var layers = modules().OfType<Models.Layers.TransformerLayer>().ToList();
        if (recomputation is not null && layers.Count == 0)
            throw new NotSupportedException($"{ClassName} does not support activation checkpointing: none of its layers can be computed again. Leave TrainingArguments.GradientCheckpointing out.");
        foreach (var (index, layer) in layers.Index())
            layer.Recomputation = index % everyNLayers == 0 ? recomputation : null;
    }

    /// <summary>Adds noise to the embeddings of input ids in training; null: none.</summary>
    /// <exception cref="NotSupportedException">The model has no such embedding.</exception>
    internal void UseEmbeddingNoise(double? alpha)
    {
        var embeddings = modules().OfType<Models.Layers.TokenEmbedding>().ToList();
        if (alpha is not null && embeddings.Count == 0)
            throw new NotSupportedException($"{ClassName} has no embedding of input ids to add noise to. Leave TrainingArguments.NeftuneNoiseAlpha out.");
        foreach (var embedding in embeddings)
            embedding.NoiseAlpha = alpha;
    }

    /// <summary>Children are registered by name in constructors; looking for them by reflection would add each a second time.</summary>
    protected override void RegisterComponents()
    {
    }

    private HashSet<string> NamesIn(Func<Models.Layers.Layer, bool> chosen) =>
        [.. named_modules().Where(m => m.module is Models.Layers.Layer layer && chosen(layer)).SelectMany(m => m.module.named_parameters().Select(p => $"{m.name}.{p.name}"))];
}
