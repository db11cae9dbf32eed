using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>An architecture without a head: token ids to hidden states.</summary>
internal abstract class ModelBody : Layer
{
    /// <summary>Makes the body that a configuration describes; its weights are not filled yet.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="pooled">Whether the head asks for <see cref="Pool"/>; a pooler's weights are there only then.</param>
    public delegate ModelBody Factory(PretrainedConfig config, AttentionImplementation attention, bool pooled);

    /// <summary>The size of a hidden state.</summary>
    public abstract long Size { get; }

    /// <summary>The embedding of input ids, for heads that share its matrix and for resizing.</summary>
    public abstract Embedding InputEmbedding { get; }

    /// <summary>The embedding whose matrix a head shares that scores the vocabulary.</summary>
    public virtual Embedding OutputEmbedding => InputEmbedding;

    /// <summary>Other names by which files may have one of its weights, and its name here.</summary>
    public virtual IReadOnlyDictionary<string, string> TiedNames { get; } = new Dictionary<string, string>();

    /// <summary>The tensors of a batch that it takes.</summary>
    public virtual IReadOnlyCollection<string> InputNames => ["input_ids", "attention_mask"];

    /// <summary>Fills a parameter of the model, head included, as new.</summary>
    /// <param name="path">The name of the block that it belongs to.</param>
    /// <param name="layer">That block.</param>
    /// <param name="name">The parameter's name in it.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="deviation">The standard deviation of new matrices (<c>initializer_range</c>).</param>
    public virtual void Initialize(string path, Layer layer, string name, Tensor parameter, double deviation) => layer.Initialize(name, parameter, deviation);

    /// <summary>Hidden states in the layout given.</summary>
    public abstract Tensor Forward(Batch batch, TokenLayout layout);

    /// <summary>One vector for each text, <c>[batch, size]</c>; null where the architecture has no pooler.</summary>
    public virtual Tensor? Pool(Tensor hidden, TokenLayout layout) => null;
}
