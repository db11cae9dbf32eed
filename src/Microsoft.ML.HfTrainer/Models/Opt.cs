using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// OPT (Zhang et al. 2022, arXiv:2205.01068): a decoder with learned positions that count a text's own tokens, pre-norm but in its model of 350 million parameters. Texts that share a row
/// are kept apart here; the original lets each see those before it.
/// </summary>
internal sealed class Opt : ModelBody
{
    // The first rows of the table are of padding.
    private const int FirstPosition = 2;

    public static readonly Architecture Registration = new Architecture("opt", basePrefix: "model") { ClassName = "OPT" }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: true))
        .With(ModelHead.SequenceClassification, Body, SequenceClassificationHead.OfLastToken)
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear);

    private readonly TokenEmbedding _words;
    private readonly Embedding _positions;
    private readonly Linear? _smaller, _larger;
    private readonly LayerNorm? _norm;
    private readonly OptLayer[] _layers;
    private readonly double _layerDropout;

    private Opt(PretrainedConfig config, AttentionImplementation attention)
    {
        if (!config.GetBool("layer_norm_elementwise_affine", true))
            throw config.Error("layer_norm_elementwise_affine", "is false", "true: norms without weights are not supported");
        var size = config.GetSize("hidden_size");
        var embedded = config.Has("word_embed_proj_dim") ? config.GetSize("word_embed_proj_dim") : size;
        Size = embedded;
        _layerDropout = config.GetProbability("layerdrop", 0);
        _words = this.Register("decoder.embed_tokens", new TokenEmbedding(config.GetSize("vocab_size"), embedded, config.GetInt("pad_token_id", 1)));
        _positions = this.Register("decoder.embed_positions", new Embedding(config.GetSize("max_position_embeddings") + FirstPosition, size));
        if (embedded != size)
        {
            _smaller = this.Register("decoder.project_out", new Linear(size, embedded, bias: false));
            _larger = this.Register("decoder.project_in", new Linear(embedded, size, bias: false));
        }
        if (config.GetBool("do_layer_norm_before", true) && !config.GetBool("_remove_final_layer_norm", false))
            _norm = this.Register("decoder.final_layer_norm", new LayerNorm(size, OptLayer.Epsilon));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"decoder.layers.{i}", new OptLayer(config, size, attention)))];
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var words = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        var hidden = (_larger?.Forward(words) ?? words) + _positions.Forward(Positions(batch, layout) + FirstPosition);
        foreach (var layer in _layers)
        {
            if (training && _layerDropout > 0 && rand(1).item<float>() < _layerDropout)
                continue;
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        hidden = _norm?.Forward(hidden) ?? hidden;
        return (_smaller?.Forward(hidden) ?? hidden).MoveToOuterDisposeScope();
    }

    // Padding before a text does not count, and is one before the first position.
    private static Tensor Positions(Batch batch, TokenLayout layout) => batch.Find("attention_mask") is { } mask && !batch.ContainsKey("position_ids")
        ? layout.Arrange(mask.cumsum(1) * mask - 1)
        : layout.Positions;

    private static Opt Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class OptLayer : TransformerLayer
{
    public const double Epsilon = 1e-5;

    private readonly Linear _key, _value, _query, _attentionOutput, _intermediate, _output;
    private readonly Attention _attention;
    private readonly LayerNorm _attentionNorm, _feedForwardNorm;
    private readonly Dropout _dropout;
    private readonly Activation _activation;
    private readonly bool _normFirst;

    public OptLayer(PretrainedConfig config, int size, AttentionImplementation attention)
    {
        var (heads, inner, bias) = (config.GetHeads("num_attention_heads", "hidden_size"), config.GetSize("ffn_dim"), config.GetBool("enable_bias", true));
        _normFirst = config.GetBool("do_layer_norm_before", true);
        _key = this.Register("self_attn.k_proj", new Linear(size, size, bias));
        _value = this.Register("self_attn.v_proj", new Linear(size, size, bias));
        _query = this.Register("self_attn.q_proj", new Linear(size, size, bias));
        _attentionOutput = this.Register("self_attn.out_proj", new Linear(size, size, bias));
        _attention = this.Register("self_attn.weights", new Attention(heads, config.GetProbability("attention_dropout", 0), attention) { Causal = config.GetBool("is_causal", true) });
        _attentionNorm = this.Register("self_attn_layer_norm", new LayerNorm(size, Epsilon));
        _intermediate = this.Register("fc1", new Linear(size, inner, bias));
        _activation = Activation.FromConfig(config, "activation_function", "relu");
        _output = this.Register("fc2", new Linear(inner, size, bias));
        _feedForwardNorm = this.Register("final_layer_norm", new LayerNorm(size, Epsilon));
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("dropout", 0.1)));
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var attended = Add(hidden, _attentionNorm, x => _attentionOutput.Forward(_attention.Forward(_query.Forward(x), _key.Forward(x), _value.Forward(x), layout)));
        return Add(attended, _feedForwardNorm, x => _output.Forward(_activation.Forward(_intermediate.Forward(x)))).MoveToOuterDisposeScope();
    }

    private Tensor Add(Tensor hidden, LayerNorm norm, Func<Tensor, Tensor> block)
    {
        var sum = hidden + _dropout.Forward(block(_normFirst ? norm.Forward(hidden) : hidden));
        return _normFirst ? sum : norm.Forward(sum);
    }
}
