using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A model with a configuration, which is loaded from and saved as a Hugging Face model folder.</summary>
public abstract partial class PretrainedModel : nn.Module<Batch, ModelOutput>, ITrainableModel
{
    /// <summary>Creates a model whose weights are not filled yet.</summary>
    protected PretrainedModel(PretrainedConfig config, Architecture architecture) : base(architecture.ModelType)
    {
        Config = config;
        Architecture = architecture;
    }

    /// <summary>The configuration, saved with the model.</summary>
    public PretrainedConfig Config { get; }

    /// <summary>The architecture of the model.</summary>
    public Architecture Architecture { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyCollection<string> InputNames => ["input_ids", "attention_mask", .. LabelNames];

    /// <summary>The names of the tensors of a batch from which the loss is computed; without one of them there is no loss.</summary>
    public virtual IReadOnlyList<string> LabelNames => [Batch.Labels];

    /// <summary>true if the logits of each token are those of the label that follows it, so that the first label of a text does not count.</summary>
    public virtual bool ShiftsLabels => false;

    /// <summary>The settings of sentence embeddings; null for other heads.</summary>
    public virtual SentenceEmbeddingSettings? SentenceEmbedding => null;

    /// <summary>The result of loading: the weights that were missing and so initialized, and those that the model does not have.</summary>
    public LoadReport LoadReport { get; internal set; } = LoadReport.Empty;

    /// <summary>The device of the weights.</summary>
    public Device Device => parameters().First().device;

    /// <summary>Returns the names of the parameters that checkpoints do not hold.</summary>
    internal HashSet<string> UnsavedNames() => NamesIn(layer => !layer.IsSaved);

    /// <summary>Returns the names of the parameters that checkpoints may lack.</summary>
    internal HashSet<string> OptionalNames() => NamesIn(layer => layer.IsOptional);

    /// <summary>The name of the Hugging Face class of such a model.</summary>
    internal virtual string ClassName => GetType().Name;

    /// <summary>The other names of tied weights in Hugging Face checkpoints, each with the name of the weight.</summary>
    internal virtual IReadOnlyDictionary<string, string> TiedNames { get; } = new Dictionary<string, string>();

    /// <summary>Makes a weight of <see cref="TiedNames"/> a parameter of its own.</summary>
    internal virtual void Untie(string alias) => throw new NotSupportedException($"{ClassName} has no tied weight '{alias}'.");

    /// <summary>Fills a parameter of the block at <paramref name="path"/> with initial values.</summary>
    internal virtual void Initialize(string path, Models.Layers.Layer layer, string name, Tensor parameter, double deviation) => layer.Initialize(name, parameter, deviation);

    /// <summary>Returns true if a weight belongs to the head and not to the body.</summary>
    internal virtual bool IsOfHead(string weight) => !weight.StartsWith(Architecture.BasePrefix + ".", StringComparison.Ordinal);

    /// <summary>Loads the weights of the head that have files of their own in the model's folder.</summary>
    internal virtual LoadReport LoadFiles(string folder) => LoadReport.Empty;

    /// <summary>Writes the head's own files into the model's folder.</summary>
    internal virtual void SaveFiles(string folder)
    {
    }

    /// <summary>Sets the source of dropout's random numbers.</summary>
    internal void UseRandomStream(RandomStream stream)
    {
        foreach (var dropout in modules().OfType<Models.Layers.Dropout>())
            dropout.Stream = stream;
    }

    /// <summary>Computes every n-th layer of the model again in the backward pass (gradient checkpointing). If null, none is.</summary>
    /// <exception cref="NotSupportedException">The model has no layers of that kind.</exception>
    internal void UseRecomputation(Models.Layers.Recomputation? recomputation, int everyNLayers = 1)
    {
        var layers = modules().OfType<Models.Layers.TransformerLayer>().ToList();
        if (recomputation is not null && layers.Count == 0)
            throw new NotSupportedException($"{ClassName} does not support activation checkpointing: none of its layers can be computed again. Leave TrainingArguments.GradientCheckpointing out.");
        foreach (var (index, layer) in layers.Index())
            layer.Recomputation = index % everyNLayers == 0 ? recomputation : null;
    }

    /// <summary>Adds noise to the embeddings of input ids in training (NEFTune). If null, none is added.</summary>
    /// <exception cref="NotSupportedException">The model has no such embedding.</exception>
    internal void UseEmbeddingNoise(double? alpha)
    {
        var embeddings = modules().OfType<Models.Layers.TokenEmbedding>().ToList();
        if (alpha is not null && embeddings.Count == 0)
            throw new NotSupportedException($"{ClassName} has no embedding of input ids to add noise to. Leave TrainingArguments.NeftuneNoiseAlpha out.");
        foreach (var embedding in embeddings)
            embedding.NoiseAlpha = alpha;
    }

    /// <summary>Does nothing: components are registered by name, and reflection would register each a second time.</summary>
    protected override void RegisterComponents()
    {
    }

    private HashSet<string> NamesIn(Func<Models.Layers.Layer, bool> chosen) =>
        [.. named_modules().Where(m => m.module is Models.Layers.Layer layer && chosen(layer)).SelectMany(m => m.module.named_parameters().Select(p => $"{m.name}.{p.name}"))];
}
