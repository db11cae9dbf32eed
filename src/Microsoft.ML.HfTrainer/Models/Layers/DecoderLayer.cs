using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A layer of a decoder that descends from Llama: attention and a gated feed-forward, each behind a norm and beside a path past it.</summary>
internal sealed class DecoderLayer : TransformerLayer
{
    private readonly DecoderAttention _attention;
    private readonly GatedFeedForward _feedForward;
    private readonly RmsNorm _attentionNorm, _feedForwardNorm;
    private readonly RmsNorm? _attendedNorm, _fedNorm;
    private readonly Dropout _dropout;

    public DecoderLayer(DecoderShape shape, int index)
    {
        _attention = this.Register("self_attn", new DecoderAttention(shape, index));
        _feedForward = this.Register("mlp", new GatedFeedForward(shape.Size, shape.Config.GetSize("intermediate_size"), shape.GateActivation, shape.FeedForwardBias, shape.Fused));
        _attentionNorm = this.Register("input_layernorm", shape.Norm(shape.Size));
        var second = this.Register("post_attention_layernorm", shape.Norm(shape.Size));
        if (shape.OuterNorms)
        {
            _attendedNorm = second;
            _feedForwardNorm = this.Register("pre_feedforward_layernorm", shape.Norm(shape.Size));
            _fedNorm = this.Register("post_feedforward_layernorm", shape.Norm(shape.Size));
        }
        else
        {
            _feedForwardNorm = second;
        }
        _dropout = this.Register("resid_dropout", new Dropout(shape.ResidualDropout));
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var attended = hidden + Outer(_attendedNorm, _attention.Forward(_attentionNorm.Forward(hidden), layout));
        return (attended + Outer(_fedNorm, _feedForward.Forward(_feedForwardNorm.Forward(attended)))).MoveToOuterDisposeScope();
    }

    private Tensor Outer(RmsNorm? norm, Tensor given) => _dropout.Forward(norm is null ? given : norm.Forward(given));
}

/// <summary>Self-attention with turned queries and keys, of which several heads of queries may share one of keys and values.</summary>
internal sealed class DecoderAttention : Layer
{
    private readonly Linear? _query, _key, _value, _all;
    private readonly Linear _output;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly Rotary _rotary;
    private readonly Attention _attention;
    private readonly long[] _sizes;
    private readonly int _headSize;
    private readonly int? _reach;

    public DecoderAttention(DecoderShape shape, int index)
    {
        (_headSize, _rotary) = (shape.HeadSize, shape.RotaryOf(index));
        _sizes = [(long)shape.Heads * _headSize, (long)shape.KeyHeads * _headSize, (long)shape.KeyHeads * _headSize];
        if (shape.Fused)
        {
            _output = this.Register("o_proj", new Linear(_sizes[0], shape.Size, shape.OutputBias));
            _all = this.Register("qkv_proj", new Linear(shape.Size, _sizes.Sum(), shape.QueryBias));
        }
        else
        {
            _query = this.Register("q_proj", new Linear(shape.Size, _sizes[0], shape.QueryBias));
            _key = this.Register("k_proj", new Linear(shape.Size, _sizes[1], shape.QueryBias));
            _value = this.Register("v_proj", new Linear(shape.Size, _sizes[2], shape.QueryBias));
            _output = this.Register("o_proj", new Linear(_sizes[0], shape.Size, shape.OutputBias));
        }
        if (shape.HeadNorms)
        {
            _queryNorm = this.Register("q_norm", shape.Norm(_headSize));
            _keyNorm = this.Register("k_norm", shape.Norm(_headSize));
        }
        _reach = !shape.Causal && shape.Windows[index] is { } window ? shape.Reach(window) : null;
        _attention = this.Register("weights", new Attention(shape.Heads, shape.Config.GetProbability("attention_dropout", 0), shape.Attention)
        {
            KeyValueHeads = shape.KeyHeads,
            Causal = shape.Causal,
            Window = shape.Causal ? shape.Windows[index] : null,
            Scale = shape.ScoreScale,
            SoftCap = shape.ScoreCap,
        });
    }

    public Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = _all?.Forward(hidden).split(_sizes, -1) is [var q, var k, var v] ? (q, k, v) : (_query!.Forward(hidden), _key!.Forward(hidden), _value!.Forward(hidden));
        var rotation = _rotary.At(layout, hidden.dtype);
        var near = _reach is { } reach ? Neighbourhood.Bias(layout, reach) : null;
        var context = _attention.Forward(Place(query, _queryNorm, rotation), Place(key, _keyNorm, rotation), value, layout, near);
        return _output.Forward(context).MoveToOuterDisposeScope();
    }

    private Tensor Place(Tensor vectors, RmsNorm? norm, Rotation rotation)
    {
        var heads = vectors.reshape([.. vectors.shape[..^1], -1, _headSize]);
        return rotation.Turn(norm is null ? heads : norm.Forward(heads)).reshape(vectors.shape);
    }
}
