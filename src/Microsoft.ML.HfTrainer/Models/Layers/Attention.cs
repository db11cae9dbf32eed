using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Multi-head attention of queries over keys and values, each <c>[batch, length, size]</c>.</summary>
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

    /// <param name="query">Queries <c>[batch, length, size]</c>.</param>
    /// <param name="key">Keys <c>[batch, length, size]</c>.</param>
    /// <param name="value">Values <c>[batch, length, size]</c>.</param>
    /// <param name="mask">True where a key may be seen, <c>[batch, 1, 1, length]</c>; null: everywhere.</param>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (SplitHeads(query), SplitHeads(key), SplitHeads(value));
        var context = _implementation == AttentionImplementation.Sdpa
            ? nn.functional.scaled_dot_product_attention(q, k, v, mask, _dropout.Probability)
            : Eager(q, k, v, mask);
        return context.transpose(1, 2).reshape(query.shape[0], query.shape[1], -1).MoveToOuterDisposeScope();
    }

    private Tensor Eager(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scores = matmul(query, key.transpose(2, 3)) * (1 / Math.Sqrt(query.shape[^1]));
        if (mask is not null)
            scores = scores.masked_fill(~mask, float.MinValue);
        return matmul(_dropout.Forward(nn.functional.softmax(scores, -1)), value);
    }

    private Tensor SplitHeads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
