using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A model with a configuration that is loaded from, and saved as, a Hugging Face folder.</summary>
public abstract class PretrainedModel : nn.Module<Batch, ModelOutput>, INamedInputs
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
    public virtual IReadOnlyCollection<string> InputNames => ["input_ids", "attention_mask", Batch.Labels];

    /// <summary>What loading found: names that were missing and so initialised, and names that the model does not have.</summary>
    public LoadReport LoadReport { get; internal set; } = LoadReport.Empty;

    /// <summary>The device of the weights.</summary>
    public Device Device => parameters().First().device;

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> into a folder, which is made if need be.</summary>
    public void SavePretrained(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, PretrainedConfig.FileName), SavedConfig().ToJson());
        SafetensorsWriter.Write(Path.Combine(folder, WeightFiles.SingleName), named_parameters().Select(p => WeightWriting.Describe(p.name, p.parameter)), WeightWriting.Metadata);
    }

    /// <summary>The configuration as it is saved: with the class name that the original reads the model by, and the type of its weights.</summary>
    internal PretrainedConfig SavedConfig()
    {
        var config = Config.Clone();
        config.Set("architectures", new System.Text.Json.Nodes.JsonArray(GetType().Name));
        config.Set("dtype", "float32");
        config.Set("torch_dtype", null);
        return config;
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
        var layers = modules().OfType<Models.Layers.EncoderLayer>().ToList();
        if (recomputation is not null && layers.Count == 0)
            throw new NotSupportedException($"{GetType().Name} does not support activation checkpointing: none of its layers can be computed again. Leave TrainingArguments.GradientCheckpointing out.");
        foreach (var (index, layer) in layers.Index())
            layer.Recomputation = index % everyNLayers == 0 ? recomputation : null;
    }

    /// <summary>Adds noise to the embeddings of input ids in training; null: none.</summary>
    /// <exception cref="NotSupportedException">The model has no such embedding.</exception>
    internal void UseEmbeddingNoise(double? alpha)
    {
        var embeddings = modules().OfType<Models.Layers.TokenEmbedding>().ToList();
        if (alpha is not null && embeddings.Count == 0)
            throw new NotSupportedException($"{GetType().Name} has no embedding of input ids to add noise to. Leave TrainingArguments.NeftuneNoiseAlpha out.");
        foreach (var embedding in embeddings)
            embedding.NoiseAlpha = alpha;
    }

    /// <summary>Children are registered by name in constructors; looking for them by reflection would add each a second time.</summary>
    protected override void RegisterComponents()
    {
    }
}
