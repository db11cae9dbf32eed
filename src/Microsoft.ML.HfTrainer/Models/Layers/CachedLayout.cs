using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The tokens that follow those of a key-value cache: only they are computed, and causal attention sees the cached ones too. Hidden states are <c>[batch, new tokens, size]</c>.</summary>
/// <param name="cache">The cache, which a forward pass extends by the new tokens.</param>
/// <param name="ids">The new tokens, <c>[batch, new tokens]</c>.</param>
/// <param name="mask">1 at a token and 0 at padding, cached tokens included, <c>[batch, all tokens]</c>. If null, there is no padding.</param>
/// <param name="positions">The positions of the new tokens, as <paramref name="ids"/>. If null, they are counted from the start of the cache.</param>
internal sealed class CachedLayout(KeyValueCache cache, Tensor ids, Tensor? mask = null, Tensor? positions = null) : PaddedLayout(ids.shape[1], ids.device, mask, positions: null, sameText: null)
{
    private readonly long _offset = cache.Length;

    public override long Offset => _offset;

    public override Tensor Positions => positions ?? base.Positions;

    /// <summary>Arranges values of the new tokens, or of all tokens, of which those of the new ones are taken.</summary>
    public override Tensor Arrange(Tensor values) => values.shape[1] == QueryLength ? values : values.narrow(1, Offset, QueryLength);

    internal override (Tensor Key, Tensor Value) Extend(Attention attention, Tensor key, Tensor value) => cache.Extend(attention, key, value);

    internal override (Tensor Key, Tensor Value) Remember(Layer block, Func<(Tensor Key, Tensor Value)> project) => cache.Remember(block, project);

    internal override TokenLayout Recreate(Tensor? memory = null) => throw new NotSupportedException("A key-value cache is used without gradients; gradient checkpointing has nothing to compute again.");
}
