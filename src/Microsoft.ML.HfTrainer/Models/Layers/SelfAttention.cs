using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Self-attention with its projections and, if the architecture has them, query/key normalization and rotary embedding. The parts are given with their weight names
/// and are registered in the order of assignment, which is the order in which new weights are drawn.
/// </summary>
public sealed class SelfAttention : Sublayer
{
    private readonly Attention _attention;
    private readonly int _headSize;
    private readonly AffineMap? _query, _key, _value, _fused, _output;
    private Norm? _queryNorm, _keyNorm;

    /// <summary>Creates self-attention around an attention block.</summary>
    /// <param name="attention">The attention over projected queries, keys and values.</param>
    /// <param name="headSize">The size of a head.</param>
    public SelfAttention(Attention attention, int headSize) => (_attention, _headSize) = (this.Register("weights", attention), headSize);

    /// <summary>The projection to queries, <c>heads · head size</c>, with its weight name.</summary>
    public (string Name, AffineMap Map) Query { init => _query = this.Register(value.Name, value.Map); }

    /// <summary>The projection to keys, <c>key heads · head size</c>, with its weight name.</summary>
    public (string Name, AffineMap Map) Key { init => _key = this.Register(value.Name, value.Map); }

    /// <summary>The projection to values, <c>key heads · head size</c>, with its weight name.</summary>
    public (string Name, AffineMap Map) Value { init => _value = this.Register(value.Name, value.Map); }

    /// <summary>A fused projection to queries, keys and values, which takes the place of the three.</summary>
    public (string Name, AffineMap Map) QueryKeyValue { init => _fused = this.Register(value.Name, value.Map); }

    /// <summary>
    /// true if the fused projection gives query, key and value of the first head, then of the second, and so on (GPT-NeoX). If false, it gives the queries of all heads,
    /// then their keys, then their values. Default: false.
    /// </summary>
    public bool FusedByHead { get; init; }

    /// <summary>The projection of the attended values to the hidden size, with its weight name.</summary>
    public required (string Name, AffineMap Map) Output { init => _output = this.Register(value.Name, value.Map); }

    /// <summary>The rotary embedding of queries and keys. If null, there is none.</summary>
    public RotaryEmbedding? Rotary { get; init; }

    /// <summary>The largest distance, before or after it, at which a token sees another in attention that is not causal. If null, it sees the whole text.</summary>
    public int? BidirectionalWindow { get; init; }

    /// <summary>Adds query/key normalization: each head's query and key are normalized before the rotary embedding.</summary>
    /// <param name="query">The norm of queries over the head size, with its weight name.</param>
    /// <param name="key">The norm of keys over the head size, with its weight name.</param>
    public SelfAttention WithQueryKeyNorms((string Name, Norm Norm) query, (string Name, Norm Norm) key)
    {
        (_queryNorm, _keyNorm) = (this.Register(query.Name, query.Norm), this.Register(key.Name, key.Norm));
        return this;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Project(hidden);
        if (_queryNorm is not null)
            (query, key) = (JoinHeads(_queryNorm.Forward(SplitHeads(query))), JoinHeads(_keyNorm!.Forward(SplitHeads(key))));
        if (Rotary?.At(layout, hidden.dtype) is { } rotation)
            (query, key) = (JoinHeads(rotation.Apply(SplitHeads(query))), JoinHeads(rotation.Apply(SplitHeads(key))));
        var window = BidirectionalWindow is { } distance ? Layers.BidirectionalWindow.Bias(layout, distance) : null;
        var attended = _attention.Forward(query, key, value, layout, window);
        return _output!.Forward(attended).MoveToOuterDisposeScope();
    }

    // Queries, keys and values as [..., heads · head size].
    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor hidden)
    {
        if (_fused is null)
            return (_query!.Forward(hidden), _key!.Forward(hidden), _value!.Forward(hidden));
        var fused = _fused.Forward(hidden);
        if (FusedByHead)
            return fused.view([.. fused.shape[..^1], -1, 3 * _headSize]).chunk(3, -1) is [var q, var k, var v] ? (JoinHeads(q), JoinHeads(k), JoinHeads(v)) : throw new InvalidOperationException();
        var (queries, keys) = (_attention.Heads * (long)_headSize, (_attention.KeyValueHeads ?? _attention.Heads) * (long)_headSize);
        return fused.split([queries, keys, keys], -1) is [var query, var key, var value] ? (query, key, value) : throw new InvalidOperationException();
    }

    private Tensor SplitHeads(Tensor projected) => projected.reshape([.. projected.shape[..^1], -1, _headSize]);

    private static Tensor JoinHeads(Tensor heads) => heads.reshape([.. heads.shape[..^2], -1]);
}
