using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>An architecture without a head: it computes the hidden states of a batch, <c>[batch, length, size]</c> if padded and <c>[tokens, size]</c> if packed.</summary>
public abstract class ModelBody : Layer
{
    /// <summary>Creates the body that a configuration describes; its weights are not filled yet.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="pooled">true if the head uses <see cref="Pool"/>; a pooler's weights exist only then.</param>
    public delegate ModelBody Factory(PretrainedConfig config, AttentionImplementation attention, bool pooled);

    /// <summary>The size of a hidden state (the hidden size).</summary>
    public abstract long Size { get; }

    /// <summary>The embedding of input ids, which language-modelling heads are tied to and which is resized with the vocabulary. If null, the body reads no token ids.</summary>
    public virtual Embedding? InputEmbedding => null;

    /// <summary>The embedding to which a language-modelling head is tied. Default: <see cref="InputEmbedding"/>.</summary>
    public virtual Embedding? OutputEmbedding => InputEmbedding;

    /// <summary>Other names that checkpoints may use for a weight of the body, each with the name of that weight.</summary>
    public virtual IReadOnlyDictionary<string, string> TiedNames { get; } = new Dictionary<string, string>();

    /// <summary>The names of the tensors of a batch that the body reads. Default: <c>input_ids</c> and <c>attention_mask</c>.</summary>
    public virtual IReadOnlyCollection<string> InputNames => ["input_ids", "attention_mask"];

    /// <summary>
    /// The whole numbers that the body takes in tensors of a batch, by the sizes of its tables. A batch with other ones is refused, by the example that has them, before libtorch reads
    /// them. Default: the rows of <see cref="InputEmbedding"/> for <c>input_ids</c>.
    /// </summary>
    public virtual IReadOnlyList<InputRange> InputRanges => InputEmbedding is { } words ? [new("input_ids", words.Weight.Rows)] : [];

    /// <summary>The maximum length of a text in tokens, if positions are looked up in a table. Default: null, there is no limit.</summary>
    public virtual long? MaxLength => null;

    /// <summary>false if padding takes no position of <see cref="MaxLength"/>. Default: true.</summary>
    internal virtual bool PaddingTakesPositions => true;

    /// <summary>Returns the embedding of input ids, which language-modelling heads need.</summary>
    /// <exception cref="NotSupportedException">The body reads no token ids.</exception>
    internal Embedding RequireEmbedding(Embedding? embedding) => embedding ?? throw new NotSupportedException($"{GetType().Name} has no embedding of input ids, which a language-modelling head is made for.");

    /// <summary>Creates the layout of a batch. By default that of its <c>input_ids</c>; a body that reads something else, such as images, overrides it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="keepPadding">true if the head needs the hidden states of padding too.</param>
    public virtual TokenLayout CreateLayout(Batch batch, bool keepPadding) => TokenLayout.Of(batch, keepPadding);

    /// <summary>Fills a parameter of the model, its head included, with initial values. By default the block that holds it does.</summary>
    /// <param name="path">The name of the block that holds the parameter.</param>
    /// <param name="layer">That block.</param>
    /// <param name="name">The parameter's name in it.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="deviation">The standard deviation of initial weights (<c>initializer_range</c>).</param>
    public virtual void Initialize(string path, Layer layer, string name, Tensor parameter, double deviation) => layer.Initialize(name, parameter, deviation);

    /// <summary>Computes the hidden states of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="layout">Its layout.</param>
    /// <returns>Hidden states in the layout.</returns>
    public abstract Tensor Forward(Batch batch, TokenLayout layout);

    /// <summary>Computes one vector for each text, <c>[batch, size]</c>. Returns null if the architecture has no pooler.</summary>
    /// <param name="hidden">Hidden states in the layout.</param>
    /// <param name="layout">The layout.</param>
    public virtual Tensor? Pool(Tensor hidden, TokenLayout layout) => null;
}
