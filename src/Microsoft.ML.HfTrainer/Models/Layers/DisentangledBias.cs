using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Disentangled attention (He et al. 2020, arXiv:2006.03654): to the score between the contents of two tokens are added that between the query's content and the
/// vector of their distance, and that between the key's content and the vector of the opposite distance.
/// </summary>
internal sealed class DisentangledBias : Layer
{
    private readonly DistanceTable _table;
    private readonly Linear? _key, _query;
    private readonly long _heads;
    private readonly double _scale;
    private readonly Dropout _dropout;

    /// <param name="table">Vectors of distances.</param>
    /// <param name="key">Makes of distances the keys that queries meet; null: they do not.</param>
    /// <param name="query">Makes of distances the queries that keys meet; null: they do not.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="scale">What the scores are multiplied by.</param>
    /// <param name="dropout">Of the vectors.</param>
    public DisentangledBias(DistanceTable table, Linear? key, Linear? query, long heads, double scale, double dropout)
    {
        (_table, _key, _query, _heads, _scale) = (table, key, query, heads, scale);
        _dropout = this.Register("dropout", new Dropout(dropout));
    }

    /// <summary>What is added to scores, <c>[batch, heads, length, length]</c>, of contents in the layout given; null: nothing.</summary>
    public Tensor? Forward(Tensor query, Tensor key, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var distances = _table.Distances(layout);
        var dropped = _dropout.Forward(_table.Vectors(layout));
        var toPosition = _key is null ? null : Meet(layout.ToPadded(query), _key.Forward(dropped), distances);
        var toContent = _query is null ? null : Meet(layout.ToPadded(key), _query.Forward(dropped), -distances).transpose(2, 3);
        var sum = toPosition is null || toContent is null ? toPosition ?? toContent : toPosition + toContent;
        return sum is null ? null : (sum * _scale).MoveToOuterDisposeScope();
    }

    // Each token with every vector, and of those the one of its distance to each other token.
    private Tensor Meet(Tensor contents, Tensor vectors, Tensor distances)
    {
        var (batch, length) = (contents.shape[0], contents.shape[1]);
        var scores = matmul(contents.view(batch, length, _heads, -1).transpose(1, 2), vectors.view(vectors.shape[0], _heads, -1).permute(1, 2, 0));
        var places = (distances + _table.Span).clamp(0, 2 * _table.Span - 1);
        return scores.gather(3, places.expand(batch, _heads, length, length));
    }
}
