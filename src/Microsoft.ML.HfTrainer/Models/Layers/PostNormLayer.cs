using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The post-norm layer of BERT: self-attention and a feed-forward block, each with a residual connection that is normalized.</summary>
internal class PostNormLayer : TransformerLayer
{
    private readonly PostNormSettings _settings;
    private readonly Linear _query, _key, _value, _attended, _inner, _output;
    private readonly Attention _attention;
    private readonly LayerNorm _attentionNorm, _outputNorm;
    private readonly Activation _activation;
    private readonly Dropout _dropout;

    public PostNormLayer(PostNormSettings settings, PostNormNames names)
    {
        var (size, heads) = (settings.Size, settings.Heads * settings.HeadSize);
        _settings = settings;
        _query = this.Register(names.Query, new Linear(size, heads));
        _key = this.Register(names.Key, new Linear(size, heads));
        _value = this.Register(names.Value, new Linear(size, heads));
        _attention = this.Register("attention_weights", new Attention(settings.Heads, settings.AttentionDropout, settings.Attention) { Scale = settings.Scale, Causal = settings.Causal });
        _attended = this.Register(names.Attended, new Linear(heads, size));
        _attentionNorm = this.Register(names.AttentionNorm, new LayerNorm(size, settings.Epsilon));
        _inner = this.Register(names.Inner, new Linear(size, settings.Inner));
        _activation = settings.Activation.In(this, names.Activation);
        _output = this.Register(names.Output, new Linear(settings.Inner, size));
        _outputNorm = this.Register(names.OutputNorm, new LayerNorm(size, settings.Epsilon));
        _dropout = this.Register("dropout", new Dropout(settings.Dropout));
    }

    /// <summary>The query projection.</summary>
    protected Linear Query => _query;

    /// <summary>The key projection.</summary>
    protected Linear Key => _key;

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var key = _key.Forward(hidden);
        var (query, bias) = Relate(_query.Forward(hidden), key, layout);
        var context = _attention.Forward(query, key, _value.Forward(hidden), layout, bias);
        var attended = _attentionNorm.Forward(Drop(_attended.Forward(context), _settings.DropsAttended) + hidden);
        var fed = _output.Forward(_activation.Forward(_inner.Forward(attended)));
        return _outputNorm.Forward(Drop(fed, _settings.DropsOutput) + attended).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor states, bool drops) => drops ? _dropout.Forward(states) : states;

    /// <summary>Returns the queries, perhaps changed, and a bias of the scores, which broadcasts to <c>[batch, heads, length, length]</c>, or null.</summary>
    protected virtual (Tensor Query, Tensor? Bias) Relate(Tensor query, Tensor key, TokenLayout layout) => (query, null);
}
