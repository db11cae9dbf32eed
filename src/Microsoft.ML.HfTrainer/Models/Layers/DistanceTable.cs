using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// The embeddings of relative positions that DeBERTa's layers share, <paramref name="buckets"/> in either direction: one for each distance up to half of them, and
/// one for each of the ranges beyond, which grow logarithmically. Without buckets each distance below <paramref name="maxDistance"/> has its own.
/// </summary>
/// <param name="vectors">The table, <c>[2 · span, size]</c>, with that of distance 0 in the middle.</param>
/// <param name="norm">The norm of the vectors. If null, there is none.</param>
/// <param name="buckets">The number of buckets in either direction; below 1 there are none.</param>
/// <param name="maxDistance">The distance from which on all are alike.</param>
internal sealed class DistanceTable(Embedding vectors, LayerNorm? norm, int buckets, int maxDistance)
{
    /// <summary>The number of table rows per direction: one for each bucket of distances, or one for each distance if there are no buckets.</summary>
    public int Span { get; } = SpanOf(buckets, maxDistance);

    /// <summary>Computes <see cref="Span"/> from the configuration.</summary>
    public static int SpanOf(int buckets, int maxDistance) => buckets > 0 ? buckets : maxDistance;

    /// <summary>Returns the vectors of a forward pass, <c>[2 · span, size]</c>. Layers share them: call this before the first one.</summary>
    public Tensor Vectors(TokenLayout layout) => layout.Share((this, nameof(Vectors)), () => Normed(vectors.Forward(arange(2 * Span, device: layout.Device))));

    /// <summary>Returns how many tokens each key lies before each query, sorted into buckets if there are any, <c>[queries, keys]</c> int64.</summary>
    public Tensor Distances(TokenLayout layout) => layout.Share((this, nameof(Distances)), () => Bucketed(layout.Distances()));

    private Tensor Normed(Tensor rows)
    {
        using var given = rows;
        return norm?.Forward(rows) ?? rows.alias();
    }

    private Tensor Bucketed(Tensor distances)
    {
        if (buckets <= 0)
            return distances;
        using var exact = distances;
        return Bucket(exact, buckets, maxDistance);
    }

    /// <summary>Returns distances up to half the buckets as they are, farther ones on a logarithmic scale that ends with the largest.</summary>
    internal static Tensor Bucket(Tensor distances, int buckets, int maxDistance)
    {
        using var scope = NewDisposeScope();
        var half = buckets / 2;
        var apart = distances.abs();
        // In float32 and in this order, as Hugging Face computes it: the largest distance lies on the edge of a bucket.
        var range = tensor((float)((maxDistance - 1) / (double)half), device: distances.device).log();
        var far = ((apart.clamp(min: 1).to(ScalarType.Float32) / half).log() / range * (half - 1)).ceil() + half;
        return where(apart.less_equal(half), distances, far.to(ScalarType.Int64) * distances.sign()).MoveToOuterDisposeScope();
    }
}
