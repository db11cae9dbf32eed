using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// A number for each head and distance between two tokens, to be added to their attention score (Raffel et al. 2019, arXiv:1910.10683). Near distances have
/// one of their own, farther ones share one on a logarithmic scale, and all from the largest on have the last.
/// </summary>
internal sealed class RelativePositionBias(int buckets, int heads, int maxDistance, bool bidirectional) : Embedding(buckets, heads)
{
    /// <summary>The numbers of a layout's texts, which all layers share: their tensor belongs to the dispose scope in which it is asked for first.</summary>
    public Tensor Of(TokenLayout layout) => layout.Share(this, () => Forward(layout.Length, layout.Length, Weight.device));

    /// <summary>The numbers of a text, <c>[1, heads, queries, keys]</c>; a text's queries and keys begin at the same place.</summary>
    public Tensor Forward(long queries, long keys, Device device)
    {
        using var scope = NewDisposeScope();
        var distances = arange(keys, device: device).unsqueeze(0) - arange(queries, device: device).unsqueeze(1);
        return Forward(BucketsOf(distances, buckets, maxDistance, bidirectional)).permute(2, 0, 1).unsqueeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>The bucket of each distance from query to key, int64.</summary>
    /// <param name="distances">The key's position less the query's.</param>
    /// <param name="buckets">How many there are.</param>
    /// <param name="maxDistance">From here on distances are told apart no more.</param>
    /// <param name="bidirectional">Whether keys after the query have buckets of their own, half of all; if not, they are taken as the query itself.</param>
    internal static Tensor BucketsOf(Tensor distances, int buckets, int maxDistance, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var side = bidirectional ? buckets / 2 : buckets;
        var offset = bidirectional ? distances.greater(0).to(ScalarType.Int64) * side : zeros_like(distances);
        var away = bidirectional ? distances.abs() : -distances.clamp(max: 0);
        var exact = side / 2;
        // In float32 and in this order, as the original computes it: powers of two lie on the edges of buckets.
        var far = (away.to(ScalarType.Float32) / exact).log() / Math.Log(maxDistance / (double)exact) * (side - exact);
        var shared = (far.to(ScalarType.Int64) + exact).clamp(max: side - 1);
        return (offset + where(away.less(exact), away, shared)).MoveToOuterDisposeScope();
    }
}
