using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// How the tokens of a batch are arranged in the tensors of a model: padded, packed, or behind a key-value cache. Layers that work on each token by itself
/// (linear maps, norms, dropout) take any layout; embeddings of positions, attention and pooling ask it.
/// </summary>
public abstract class TokenLayout
{
    // Tensors that layers share are created by the first layer that asks for them and live as long as the layout: in the dispose scope of this tensor.
    private readonly Tensor _owner;
    private readonly Dictionary<object, Tensor> _shared = [];

    private protected TokenLayout(Device device) => (Device, _owner) = (device, empty(0, device: device));

    /// <summary>Creates the layout of a batch of token ids: packed if the batch may be packed and has padding, else padded.</summary>
    /// <param name="batch">The batch, of which <c>input_ids</c>, <c>attention_mask</c> and <c>position_ids</c> are read.</param>
    /// <param name="keepPadding">true if the hidden states of padding are needed, so that the batch is not packed.</param>
    public static TokenLayout Of(Batch batch, bool keepPadding = false)
    {
        var ids = batch.Get("input_ids");
        return !keepPadding && batch is { Packed: true, Lengths: { } lengths } && lengths.Sum() < ids.numel() && !batch.ContainsKey("position_ids")
            ? new PackedLayout(lengths, ids.shape[1], ids.device)
            : new PaddedLayout(batch);
    }

    /// <summary>The device of the batch.</summary>
    public Device Device { get; }

    /// <summary>The number of tokens of each text that are computed, padding included.</summary>
    public abstract long QueryLength { get; }

    /// <summary>The number of earlier tokens of each text whose keys and values are cached. Without a cache 0.</summary>
    public virtual long Offset => 0;

    /// <summary>The number of tokens of each text that self-attention may see: <see cref="Offset"/> + <see cref="QueryLength"/>.</summary>
    public long KeyLength => Offset + QueryLength;

    /// <summary>True where a key is a token and not padding, <c>[batch, 1, 1, keys]</c>. If null, there is no padding.</summary>
    public abstract Tensor? KeyMask { get; }

    /// <summary>The position of each token in its text, in this layout or so that it broadcasts to it.</summary>
    public abstract Tensor Positions { get; }

    /// <summary>The encoder's output to which a decoder of these tokens attends. If null, there is none.</summary>
    public Memory? Memory { get; init; }

    /// <summary>true if some of the tokens that are computed may be padding.</summary>
    internal abstract bool HasPadding { get; }

    /// <summary>true if a row holds several texts, which do not see each other.</summary>
    internal virtual bool HoldsSeveralTexts => false;

    /// <summary>True where self-attention that is not causal may see a key; broadcasts to <c>[batch, 1, queries, keys]</c>. If null, it may see all of them.</summary>
    internal virtual Tensor? VisibleKeys => KeyMask;

    /// <summary>True where causal attention may see a key that is not after the query; broadcasts to <c>[batch, 1, queries, keys]</c>. If null, it may see all of them.</summary>
    private protected abstract Tensor? CausalKeys { get; }

    /// <summary>The causal mask alone, <c>[1, 1, queries, keys]</c>: true where a key is not after the query. All layers share it.</summary>
    internal Tensor LowerTriangle => Share(nameof(LowerTriangle), () => Within(null));

    /// <summary>Returns the mask of causal attention, which all layers share.</summary>
    /// <param name="window">The size of the sliding window in tokens, the query's own token included. If null, there is none.</param>
    internal AttentionMask CausalMask(int? window = null)
    {
        if (window >= KeyLength)
            window = null;
        // A single token behind a cache sees all that is there.
        if (window is null && CausalKeys is null && (Offset == 0 || QueryLength == 1))
            return new AttentionMask(null, IsCausal: Offset == 0);
        return new AttentionMask(Share((nameof(CausalMask), window), () =>
        {
            using var scope = NewDisposeScope();
            var visible = Within(window);
            return (CausalKeys is { } keys ? visible.logical_and(keys) : visible).MoveToOuterDisposeScope();
        }));
    }

    /// <summary>Returns how many tokens each key lies before each query, negative if it lies after it, <c>[queries, keys]</c> int64.</summary>
    internal Tensor Distances()
    {
        using var scope = NewDisposeScope();
        return (arange(Offset, KeyLength, device: Device).unsqueeze(1) - arange(KeyLength, device: Device)).MoveToOuterDisposeScope();
    }

    /// <summary>Arranges the values of a batch, such as token ids <c>[batch, length]</c>, in this layout.</summary>
    public abstract Tensor Arrange(Tensor values);

    /// <summary>Returns hidden states as one row a text, <c>[batch, length, size]</c>, with zeros in place of padding that this layout leaves out.</summary>
    public abstract Tensor ToPadded(Tensor hidden);

    /// <summary>Returns hidden states <c>[batch, length, size]</c> in this layout: the reverse of <see cref="ToPadded"/>.</summary>
    public abstract Tensor FromPadded(Tensor rows);

    /// <summary>Returns the hidden state of each text's first token, <c>[batch, size]</c>.</summary>
    public abstract Tensor First(Tensor hidden);

    /// <summary>Returns the hidden state of one token of each text, <c>[batch, size]</c>.</summary>
    /// <param name="hidden">Hidden states in this layout.</param>
    /// <param name="places">The index of the token in its text, <c>[batch]</c> int64.</param>
    public abstract Tensor At(Tensor hidden, Tensor places);

    /// <summary>Returns hidden states with zeros in place of those of padding.</summary>
    public abstract Tensor ClearPadding(Tensor hidden);

    /// <summary>Adds the keys and values of this layout's tokens to those that are cached for an attention block, and returns all of them.</summary>
    /// <param name="attention">The attention block.</param>
    /// <param name="key">Keys, <c>[batch, key heads, queries, head size]</c>.</param>
    /// <param name="value">Values, of the same shape.</param>
    internal virtual (Tensor Key, Tensor Value) Extend(Attention attention, Tensor key, Tensor value) => (key, value);

    /// <summary>Returns the keys and values of the encoder's output for an attention block of the decoder, <c>[..., size]</c> in the layout of <see cref="Memory"/>; behind a cache they are computed once.</summary>
    /// <param name="block">The block.</param>
    /// <param name="project">Computes them.</param>
    internal virtual (Tensor Key, Tensor Value) Remember(Layer block, Func<(Tensor Key, Tensor Value)> project) => project();

    /// <summary>Returns a tensor that all layers share, such as rotary angles; it lives as long as the layout.</summary>
    /// <param name="key">The key under which it is found.</param>
    /// <param name="make">Computes it when it is asked for the first time.</param>
    public Tensor Share(object key, Func<Tensor> make)
    {
        if (_shared.TryGetValue(key, out var made))
            return made;
        // A tensor that is moved within one scope would no longer be disposed with it.
        using var scope = NewDisposeScope();
        return _shared[key] = make().MoveToOtherDisposeScope(_owner);
    }

    /// <summary>Returns the same layout with tensors of its own, for the backward pass, when the tensors of this one are disposed.</summary>
    /// <param name="memory">The hidden states of <see cref="Memory"/>. If null, those that it has.</param>
    internal abstract TokenLayout Recreate(Tensor? memory = null);

    private Tensor Within(int? window)
    {
        using var scope = NewDisposeScope();
        var distances = Distances();
        var visible = distances.greater_equal(0);
        if (window is { } tokens)
            visible = visible.logical_and(distances.less(tokens));
        return visible.view(1, 1, QueryLength, KeyLength).MoveToOuterDisposeScope();
    }
}

/// <summary>The output of an encoder, to which a decoder attends.</summary>
/// <param name="Hidden">Hidden states in the layout.</param>
/// <param name="Layout">The layout of the encoder's tokens.</param>
public sealed record Memory(Tensor Hidden, TokenLayout Layout)
{
    internal Memory Recreate(Tensor? hidden) => new(hidden ?? Hidden, Layout.Recreate());
}
