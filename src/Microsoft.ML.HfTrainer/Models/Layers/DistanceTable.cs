using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// The vectors of distances between tokens that DeBERTa's layers share, <paramref name="buckets"/> for either direction: one for each near distance, beyond half
/// of them one for a range that grows with the logarithm. Without buckets each distance below <paramref name="maxDistance"/> has its own.
/// </summary>
/// <param name="vectors">The table, <c>[2·span, size]</c>; that of distance 0 is in the middle.</param>
/// <param name="norm">What the vectors pass; null: nothing.</param>
/// <param name="buckets">The number of buckets; below 1: none.</param>
/// <param name="maxDistance">From here on all distances are alike.</param>
internal sealed class DistanceTable(Embedding vectors, LayerNorm? norm, int buckets, int maxDistance)
{
    /// <summary>The number of distances that are told apart in either direction.</summary>
    public int Span { get; } = SpanOf(buckets, maxDistance);

    /// <summary>The number of distances that are told apart in either direction.</summary>
    public static int SpanOf(int buckets, int maxDistance) => buckets > 0 ? buckets : maxDistance;

    /// <summary>The vectors of a forward pass, <c>[2·span, size]</c>. Layers share them: ask before the first one.</summary>
    public Tensor Vectors(TokenLayout layout) => layout.Share((this, nameof(Vectors)), () => Normed(vectors.Forward(arange(2 * Span, device: layout.Positions.device))));

    /// <summary>How far each query lies behind each key, sorted into buckets where there are any, <c>[length, length]</c> int64.</summary>
    public Tensor Distances(TokenLayout layout) => layout.Share((this, nameof(Distances)), () => Between(layout.Length, layout.Positions.device));

    private Tensor Normed(Tensor rows)
    {
        using var given = rows;
        return norm?.Forward(rows) ?? rows.alias();
    }

    private Tensor Between(long length, Device device)
    {
        using var scope = NewDisposeScope();
        var places = arange(length, device: device);
        var distances = places.unsqueeze(1) - places;
        return (buckets > 0 ? Bucket(distances, buckets, maxDistance) : distances).MoveToOuterDisposeScope();
    }

    /// <summary>Distances up to half the buckets as they are, farther ones on a logarithmic scale that ends with the largest.</summary>
    internal static Tensor Bucket(Tensor distances, int buckets, int maxDistance)
    {
        using var scope = NewDisposeScope();
        var half = buckets / 2;
        var apart = distances.abs();
        // In float32 and in this order, as the original computes it: the largest distance lies on the edge of a bucket.
        var range = tensor((float)((maxDistance - 1) / (double)half), device: distances.device).log();
        var far = ((apart.clamp(min: 1).to(ScalarType.Float32) / half).log() / range * (half - 1)).ceil() + half;
        return where(apart.less_equal(half), distances, far.to(ScalarType.Int64) * distances.sign()).MoveToOuterDisposeScope();
    }
}
