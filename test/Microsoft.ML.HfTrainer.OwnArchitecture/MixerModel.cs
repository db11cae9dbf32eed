using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.OwnArchitecture;

/// <summary>A small encoder composed of the library's blocks and of TorchSharp's own <c>Linear</c> and <c>LayerNorm</c>.</summary>
public sealed class MixerModel : ModelBody
{
    /// <summary>The architecture, under the <c>model_type</c> "mixer".</summary>
    public static readonly Architecture Registration = new Architecture("mixer", basePrefix: "mixer") { ClassName = "Mixer" }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, _ => new SequenceClassificationHead(TextPooling.Mean, new ClassifierShape()))
        .With(ModelHead.TokenClassification, Body, _ => new TokenClassificationHead(new ClassifierShape { Dense = "dense", Activation = Activation.Gelu }));

    private readonly TokenEmbedding _words;
    private readonly TorchSharp.Modules.LayerNorm _norm;
    private readonly MixerLayer[] _layers;

    private MixerModel(PretrainedConfig config, AttentionImplementation attention)
    {
        Size = config.GetSize("hidden_size");
        _words = this.Register("embeddings.words", new TokenEmbedding(config.GetSize("vocab_size"), Size, paddingIndex: 0));
        _norm = this.Register("embeddings.norm", nn.LayerNorm(Size));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"layers.{i}", new MixerLayer(Size, attention)))];
    }

    /// <inheritdoc/>
    public override long Size { get; }

    /// <inheritdoc/>
    public override Embedding InputEmbedding => _words;

    /// <inheritdoc/>
    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var words = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        return TransformerLayer.RunAll(_layers, _norm.call(words), layout);
    }

    private static MixerModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

/// <summary>Self-attention and a feed-forward block behind norms.</summary>
public sealed class MixerLayer : TransformerLayer
{
    private const int Heads = 2;

    private readonly Linear _query, _key, _value;
    private readonly TorchSharp.Modules.Linear _output, _inner, _outer;
    private readonly Attention _attention;
    private readonly LayerNorm _attentionNorm;
    private readonly TorchSharp.Modules.LayerNorm _feedForwardNorm;

    /// <summary>Creates a layer.</summary>
    /// <param name="size">The hidden size.</param>
    /// <param name="attention">How attention is computed.</param>
    public MixerLayer(long size, AttentionImplementation attention)
    {
        _query = this.Register("attention.query", new Linear(size, size));
        _key = this.Register("attention.key", new Linear(size, size));
        _value = this.Register("attention.value", new Linear(size, size));
        _attention = this.Register("attention.weights", new Attention(Heads, dropout: 0, attention));
        _output = this.Register("attention.output", nn.Linear(size, size));
        _attentionNorm = this.Register("attention.norm", new LayerNorm(size, epsilon: 1e-5));
        _feedForwardNorm = this.Register("feed_forward.norm", nn.LayerNorm(size));
        _inner = this.Register("feed_forward.inner", nn.Linear(size, 2 * size));
        _outer = this.Register("feed_forward.outer", nn.Linear(2 * size, size));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var normed = _attentionNorm.Forward(hidden);
        var attended = hidden + _output.call(_attention.Forward(_query.Forward(normed), _key.Forward(normed), _value.Forward(normed), layout));
        return (attended + _outer.call(nn.functional.gelu(_inner.call(_feedForwardNorm.call(attended))))).MoveToOuterDisposeScope();
    }
}
