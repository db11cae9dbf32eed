using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Multi-head attention of a text's tokens over each other.</summary>
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

    /// <summary>What each query gathers of the values. Queries, keys and values, and what comes back, are in the layout given.</summary>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (SplitHeads(layout.ToRows(query)), SplitHeads(layout.ToRows(key)), SplitHeads(layout.ToRows(value)));
        // The fused operator draws its dropout from the original's stream and has no other.
        var context = _implementation == AttentionImplementation.Eager || _dropout is { Probability: > 0, Stream: RandomStream.Fast }
            ? Eager(q, k, v, layout.Mask)
            : nn.functional.scaled_dot_product_attention(q, k, v, layout.Mask, _dropout.Probability);
        var rows = context.transpose(1, 2).reshape(context.shape[0], context.shape[2], -1);
        return layout.FromRows(rows).MoveToOuterDisposeScope();
    }

    private Tensor Eager(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scores = matmul(query / Math.Sqrt(query.shape[^1]), key.transpose(2, 3));
        if (mask is not null)
            scores.masked_fill_(mask.logical_not(), Lowest(scores.dtype));
        return matmul(_dropout.Forward(nn.functional.softmax(scores, -1)), value);
    }

    // float32's lowest number is beyond the range of smaller types.
    private static double Lowest(ScalarType type) => type switch
    {
        ScalarType.Float16 => (double)Half.MinValue,
        ScalarType.BFloat16 => -3.3895313892515355e38,
        _ => float.MinValue,
    };

    private Tensor SplitHeads(Tensor rows) => rows.view(rows.shape[0], rows.shape[1], _heads, -1).transpose(1, 2);
}
