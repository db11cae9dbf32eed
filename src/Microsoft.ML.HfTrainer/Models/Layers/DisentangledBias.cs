using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// The bias of disentangled attention (He et al. 2020, arXiv:2006.03654): content-to-position scores, of the query and the embedding of its distance to the key, and position-to-content
/// scores, of the key and the embedding of the opposite distance.
/// </summary>
internal sealed class DisentangledBias : Layer
{
    private readonly DistanceTable _table;
    private readonly Linear? _key, _query;
    private readonly long _heads;
    private readonly double _scale;
    private readonly Dropout _dropout;

    /// <param name="table">The embeddings of distances.</param>
    /// <param name="key">Maps distances to keys, for content-to-position scores. If null, there are none.</param>
    /// <param name="query">Maps distances to queries, for position-to-content scores. If null, there are none.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="scale">The factor of the scores.</param>
    /// <param name="dropout">The dropout probability of the embeddings.</param>
    public DisentangledBias(DistanceTable table, Linear? key, Linear? query, long heads, double scale, double dropout)
    {
        (_table, _key, _query, _heads, _scale) = (table, key, query, heads, scale);
        _dropout = this.Register("dropout", new Dropout(dropout));
    }

    /// <summary>Returns the bias, <c>[batch, heads, length, length]</c>, for queries and keys in the layout, or null if there is none.</summary>
    public Tensor? Forward(Tensor query, Tensor key, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var distances = _table.Distances(layout);
        var dropped = _dropout.Forward(_table.Vectors(layout));
        var toPosition = _key is null ? null : Scores(layout.ToPadded(query), _key.Forward(dropped), distances);
        var toContent = _query is null ? null : Scores(layout.ToPadded(key), _query.Forward(dropped), -distances).transpose(2, 3);
        var sum = toPosition is null || toContent is null ? toPosition ?? toContent : toPosition + toContent;
        return sum is null ? null : (sum * _scale).MoveToOuterDisposeScope();
    }

    // The scores of each token with every distance, of which those of its distances to the other tokens are taken.
    private Tensor Scores(Tensor contents, Tensor vectors, Tensor distances)
    {
        var (batch, length) = (contents.shape[0], contents.shape[1]);
        var scores = matmul(contents.view(batch, length, _heads, -1).transpose(1, 2), vectors.view(vectors.shape[0], _heads, -1).permute(1, 2, 0));
        var places = (distances + _table.Span).clamp(0, 2 * _table.Span - 1);
        return scores.gather(3, places.expand(batch, _heads, length, length));
    }
}
