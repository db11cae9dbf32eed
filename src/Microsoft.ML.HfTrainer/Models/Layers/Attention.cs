using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Multi-head attention (Vaswani et al. 2017, arXiv:1706.03762) of tokens over those of their own text, or over those of another.</summary>
internal sealed class Attention : Layer
{
    private readonly int _heads;
    private readonly AttentionImplementation _implementation;
    private readonly Dropout _dropout;

    public Attention(int heads, double dropout, AttentionImplementation implementation)
    {
        (_heads, _implementation) = (heads, implementation);
        _dropout = this.Register("dropout", new Dropout(dropout));
    }

    /// <summary>Heads of keys and values, each shared by as many heads of queries (Ainslie et al. 2023, arXiv:2305.13245); null: each head has its own.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Whether a token sees itself and those before it alone.</summary>
    public bool Causal { get; init; }

    /// <summary>How many tokens a token sees in causal attention, itself among them; null: all before it.</summary>
    public int? Window { get; init; }

    /// <summary>What scores are multiplied by; null: 1/√(size of a head).</summary>
    public double? Scale { get; init; }

    /// <summary>Scores stay within ± this number, by its multiple of their tanh (Gemma 2, arXiv:2408.00118); null: they are as they are.</summary>
    public double? SoftCap { get; init; }

    /// <summary>What each query gathers of the values of its own text. Queries, keys and values, and what comes back, are in the layout given.</summary>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, TokenLayout layout, Tensor? bias = null) => Forward(query, layout, key, value, layout, bias);

    /// <summary>
    /// What each query, in the layout <paramref name="queries"/> as what comes back, gathers of the values, which are with their keys in the layout <paramref name="keys"/>.
    /// The bias, which broadcasts to <c>[batch, heads, queries, keys]</c>, is added to the scores.
    /// </summary>
    public Tensor Forward(Tensor query, TokenLayout queries, Tensor key, Tensor value, TokenLayout keys, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var q = SplitHeads(queries.ToRows(query), _heads);
        var (k, v) = (ForEachQueryHead(SplitHeads(keys.ToRows(key), KeyValueHeads ?? _heads)), ForEachQueryHead(SplitHeads(keys.ToRows(value), KeyValueHeads ?? _heads)));
        // As the operators cast it where they cast the rest: the lowest number of a type is below that of a smaller one.
        bias = bias?.to(q.dtype);
        var mask = Causal ? queries.CausalMask(Window) : keys.Mask;
        // The fused operator has no cap, and draws its dropout from the original's stream alone. Its backward pass loses the weights of queries that see no key,
        // as those of padding may be: the logarithm of their sum vanishes beside the lowest number.
        var context = _implementation == AttentionImplementation.Eager || SoftCap is not null || _dropout is { Probability: > 0, Stream: RandomStream.Fast }
            || bias is not null && queries is PaddedLayout { Mask: not null } && is_grad_enabled()
            ? Eager(q, k, v, mask, bias)
            : Fused(q, k, v, Causal && bias is null ? Added(mask, queries, q.dtype) : mask, bias);
        var rows = context.transpose(1, 2).reshape(context.shape[0], context.shape[2], -1);
        return queries.FromRows(rows).MoveToOuterDisposeScope();
    }

    private Tensor Fused(Tensor query, Tensor key, Tensor value, Tensor? mask, Tensor? bias)
    {
        // The operator scales by 1/√(size of a head) itself.
        if (Scale is { } scale && scale * Math.Sqrt(query.shape[^1]) is var more && more != 1)
            query = query * more;
        if (bias is not null)
            mask = Hide(bias, mask ?? Order(query));
        return nn.functional.scaled_dot_product_attention(query, key, value, mask, _dropout.Probability, is_casual: Causal && mask is null);
    }

    private Tensor Eager(Tensor query, Tensor key, Tensor value, Tensor? mask, Tensor? bias)
    {
        var scores = matmul(Scale is { } scale ? query * scale : query / Math.Sqrt(query.shape[^1]), key.transpose(2, 3));
        if (SoftCap is { } cap)
            scores = (scores / cap).tanh() * cap;
        if (bias is not null)
            scores = scores + Hide(bias, mask ?? Order(query));
        else if ((mask ?? Order(query)) is { } visible)
            scores = scores.masked_fill(visible.logical_not(), Lowest(scores.dtype));
        return matmul(_dropout.Forward(nn.functional.softmax(scores, -1)), value);
    }

    // By a mask of truth values the operator gives nothing to a query that sees no key, such as padding beyond a window. By this one it sees all keys alike, as in the
    // original and in the other path. The number is in the range of bfloat16 too, for autocast.
    private Tensor? Added(Tensor? mask, TokenLayout layout, ScalarType type) => mask is null ? null : layout.Share((nameof(Added), Window, type), () =>
        zeros(mask.shape, type, mask.device).masked_fill(mask.logical_not(), Math.Max(Lowest(type), Lowest(ScalarType.BFloat16))));

    private static Tensor Hide(Tensor bias, Tensor? visible) => visible is null ? bias : bias.masked_fill(visible.logical_not(), Lowest(bias.dtype));

    private Tensor? Order(Tensor query) => Causal ? TokenLayout.Order(query.shape[2], null, query.device) : null;

    /// <summary>What a score is where its key is not seen; a query that sees none sees all alike. float32's lowest number is beyond the range of smaller types.</summary>
    public static double Lowest(ScalarType type) => type switch
    {
        ScalarType.Float16 => (double)Half.MinValue,
        ScalarType.BFloat16 => -3.3895313892515355e38,
        _ => float.MinValue,
    };

    private static Tensor SplitHeads(Tensor rows, int heads) => rows.view(rows.shape[0], rows.shape[1], heads, -1).transpose(1, 2);

    // Neighbouring heads of queries share one of keys and values.
    private Tensor ForEachQueryHead(Tensor states) => KeyValueHeads is { } own && own < _heads ? states.repeat_interleave(_heads / own, 1) : states;
}
