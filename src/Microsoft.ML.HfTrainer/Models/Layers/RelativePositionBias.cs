using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// A learned bias of attention scores by head and relative position (Raffel et al. 2019, arXiv:1910.10683). Each of the near distances has a value of its own,
/// farther ones share values on a logarithmic scale, and all from the maximum distance on share the last.
/// </summary>
internal sealed class RelativePositionBias(int buckets, int heads, int maxDistance, bool bidirectional) : Embedding(buckets, heads)
{
    /// <summary>Returns the bias for a layout, <c>[1, heads, queries, keys]</c>. Layers share it: its tensor belongs to the dispose scope of the first call.</summary>
    public Tensor Of(TokenLayout layout) => layout.Share(this, () => Forward(layout));

    private Tensor Forward(TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        return Forward(BucketsOf(-layout.Distances(), buckets, maxDistance, bidirectional)).permute(2, 0, 1).unsqueeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>Returns the bucket of each relative position, int64.</summary>
    /// <param name="positions">The key's position minus the query's.</param>
    /// <param name="buckets">The number of buckets.</param>
    /// <param name="maxDistance">The distance from which on all are alike.</param>
    /// <param name="bidirectional">true if keys after the query have half of the buckets for themselves; false if they are treated as the query's own position.</param>
    internal static Tensor BucketsOf(Tensor positions, int buckets, int maxDistance, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var side = bidirectional ? buckets / 2 : buckets;
        var offset = bidirectional ? positions.greater(0).to(ScalarType.Int64) * side : zeros_like(positions);
        var away = bidirectional ? positions.abs() : -positions.clamp(max: 0);
        var exact = side / 2;
        // In float32 and in this order, as Hugging Face computes it: powers of two lie on the edges of buckets.
        var far = (away.to(ScalarType.Float32) / exact).log() / Math.Log(maxDistance / (double)exact) * (side - exact);
        var shared = (far.to(ScalarType.Int64) + exact).clamp(max: side - 1);
        return (offset + where(away.less(exact), away, shared)).MoveToOuterDisposeScope();
    }
}
