using Microsoft.ML.HfTrainer.Native.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Multi-head scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762): self-attention, or cross-attention over another text. Queries, keys and values are <c>[..., heads · head size]</c>, arranged as their layouts say.</summary>
public sealed class Attention : Layer
{
    private readonly AttentionImplementation _implementation;
    private readonly Dropout _dropout;

    /// <summary>Creates an attention block without projections.</summary>
    /// <param name="heads">The number of query heads.</param>
    /// <param name="dropout">The dropout probability of attention weights.</param>
    /// <param name="implementation">How attention is computed.</param>
    public Attention(int heads, double dropout, AttentionImplementation implementation)
    {
        (Heads, _implementation) = (heads, implementation);
        _dropout = this.Register("dropout", new Dropout(dropout));
    }

    /// <summary>The number of query heads.</summary>
    public int Heads { get; }

    /// <summary>The number of key and value heads in grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245). If null, every query head has its own.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>true if a token attends only to itself and to earlier tokens (a causal mask).</summary>
    public bool Causal { get; init; }

    /// <summary>The size of the sliding window of causal attention in tokens, the query's own token included. If null, all earlier tokens are visible.</summary>
    public int? Window { get; init; }

    /// <summary>The factor by which scores are multiplied. If null, 1/√(head size).</summary>
    public double? Scale { get; init; }

    /// <summary>The logit soft-capping of scores, <c>cap · tanh(score / cap)</c> (Gemma 2, arXiv:2408.00118). If null, scores are not capped.</summary>
    public double? SoftCap { get; init; }

    /// <summary>Computes self-attention.</summary>
    /// <param name="query">Queries in the layout, <c>[..., heads · head size]</c>.</param>
    /// <param name="key">Keys in the layout, <c>[..., key heads · head size]</c>.</param>
    /// <param name="value">Values in the layout, <c>[..., key heads · head size]</c>.</param>
    /// <param name="layout">The layout of all of them, and of the result.</param>
    /// <param name="bias">A bias that is added to the scores; broadcasts to <c>[batch, heads, queries, keys]</c>. If null, none is.</param>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, TokenLayout layout, Tensor? bias = null) => Forward(query, layout, key, value, layout, bias);

    /// <summary>Computes attention of the tokens of one layout over those of another.</summary>
    /// <param name="query">Queries, <c>[..., heads · head size]</c>.</param>
    /// <param name="queries">The layout of the queries, and of the result.</param>
    /// <param name="key">Keys, <c>[..., key heads · head size]</c>.</param>
    /// <param name="value">Values, <c>[..., key heads · head size]</c>.</param>
    /// <param name="keys">The layout of keys and values.</param>
    /// <param name="bias">A bias that is added to the scores; broadcasts to <c>[batch, heads, queries, keys]</c>. If null, none is.</param>
    public Tensor Forward(Tensor query, TokenLayout queries, Tensor key, Tensor value, TokenLayout keys, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var kernel = new AttentionConditions(
            _implementation, query.device_type, queries is PackedLayout, queries.HasPadding, bias is not null, SoftCap is not null, _dropout.Probability, _dropout.Stream, is_grad_enabled(),
            queries.QueryLength == 1 && KernelTensors.Accept(query)).Kernel;
        var q = SplitHeads(queries.ToPadded(query), Heads);
        var (k, v) = keys.Extend(this, SplitHeads(keys.ToPadded(key), KeyValueHeads ?? Heads), SplitHeads(keys.ToPadded(value), KeyValueHeads ?? Heads));
        // Autocast would cast it too: the lowest number of a type is out of the range of a smaller one.
        bias = bias?.to(q.dtype);
        var mask = Causal ? queries.CausalMask(Window) : new AttentionMask(ReferenceEquals(queries, keys) ? keys.VisibleKeys : keys.KeyMask);
        if (kernel == AttentionKernel.OneToken)
            return queries.FromPadded(OneTokenAttention.Forward(q, k, v, Scale, bias is null ? Additive(mask, queries, q.dtype) : Masked(bias, mask, queries)).unsqueeze(1)).MoveToOuterDisposeScope();
        // The query heads of a key head see what a single query sees, so they can be its queries, and a cache need not be repeated for them.
        var folded = q.shape[2] == 1 && k.shape[1] < Heads && bias is null && !mask.IsCausal;
        (q, k, v) = folded ? (q.reshape(q.shape[0], k.shape[1], -1, q.shape[3]), k, v) : (q, RepeatForQueryHeads(k), RepeatForQueryHeads(v));
        var context = kernel == AttentionKernel.Eager ? Eager(q, k, v, mask, bias, queries) : Fused(q, k, v, mask, bias, queries);
        context = folded ? context.reshape(context.shape[0], Heads, 1, -1) : context;
        return queries.FromPadded(context.transpose(1, 2).reshape(context.shape[0], context.shape[2], -1)).MoveToOuterDisposeScope();
    }

    private Tensor Fused(Tensor query, Tensor key, Tensor value, AttentionMask mask, Tensor? bias, TokenLayout layout)
    {
        // The operator scales by 1/√(head size) itself.
        if (Scale is { } scale && scale * Math.Sqrt(query.shape[^1]) is var rest && rest != 1)
            query = query * rest;
        var added = bias is not null ? Masked(bias, mask, layout) : Causal ? Additive(mask, layout, query.dtype) : mask.Visible;
        return nn.functional.scaled_dot_product_attention(query, key, value, added, _dropout.Probability, is_casual: mask.IsCausal && added is null);
    }

    private Tensor Eager(Tensor query, Tensor key, Tensor value, AttentionMask mask, Tensor? bias, TokenLayout layout)
    {
        var scores = matmul(Scale is { } scale ? query * scale : query / Math.Sqrt(query.shape[^1]), key.transpose(2, 3));
        if (SoftCap is { } cap)
            scores = (scores / cap).tanh() * cap;
        if (bias is not null)
            scores = scores + Masked(bias, mask, layout);
        else if (Visible(mask, layout) is { } visible)
            scores = scores.masked_fill(visible.logical_not(), Lowest(scores.dtype));
        return matmul(_dropout.Forward(nn.functional.softmax(scores, -1)), value);
    }

    // With a boolean mask the fused operator returns zeros for a query that sees no key, such as padding outside a window. With an additive mask such a query sees
    // all keys alike, as in Hugging Face Transformers and in the eager kernel. The number is in the range of bfloat16 too, for autocast.
    private Tensor? Additive(AttentionMask mask, TokenLayout layout, ScalarType type) => mask.Visible is not { } visible ? null : layout.Share((nameof(Additive), Causal, Window, type), () =>
        zeros(visible.shape, type, visible.device).masked_fill(visible.logical_not(), Math.Max(Lowest(type), Lowest(ScalarType.BFloat16))));

    private static Tensor Masked(Tensor bias, AttentionMask mask, TokenLayout layout) =>
        Visible(mask, layout) is { } visible ? bias.masked_fill(visible.logical_not(), Lowest(bias.dtype)) : bias;

    private static Tensor? Visible(AttentionMask mask, TokenLayout layout) => mask.IsCausal ? layout.LowerTriangle : mask.Visible;

    /// <summary>Returns the score of a hidden key. A query that sees no key sees all of them alike. float32's lowest number is beyond the range of smaller types.</summary>
    internal static double Lowest(ScalarType type) => type switch
    {
        ScalarType.Float16 => (double)Half.MinValue,
        ScalarType.BFloat16 => -3.3895313892515355e38,
        _ => float.MinValue,
    };

    private static Tensor SplitHeads(Tensor rows, int heads) => rows.view(rows.shape[0], rows.shape[1], heads, -1).transpose(1, 2);

    // Neighbouring query heads share a key head.
    private Tensor RepeatForQueryHeads(Tensor states) => KeyValueHeads is { } own && own < Heads ? states.repeat_interleave(Heads / own, 1) : states;
}
