using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// OPT (Zhang et al. 2022, arXiv:2205.01068): a decoder with learned positions that count the tokens of a text without its padding. It is pre-norm, except for the model of 350 million
/// parameters, which is post-norm and has embeddings of a smaller size. Texts that share a row do not see each other; in Hugging Face Transformers each sees those before it.
/// </summary>
internal sealed class Opt : ModelBody
{
    // The first rows of the table belong to padding.
    private const int PositionOffset = 2;

    private const double Epsilon = 1e-5;

    public static readonly Architecture Registration = new Architecture("opt", basePrefix: "model")
    {
        ClassName = "OPT",
        Defaults = """
            { "vocab_size": 50272, "hidden_size": 768, "ffn_dim": 3072, "num_hidden_layers": 12, "num_attention_heads": 12, "max_position_embeddings": 2048, "pad_token_id": 1 }
            """,
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: true))
        .With(ModelHead.SequenceClassification, Body, SequenceClassificationHead.OfLastToken)
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear);

    private readonly PretrainedConfig _config;
    private readonly int _size;
    private readonly TokenEmbedding _words;
    private readonly Embedding _positions;
    private readonly Linear? _projectIn, _projectOut;
    private readonly Norm? _norm;
    private readonly PreNormLayer[] _layers;
    private readonly double _layerDropout;

    private Opt(PretrainedConfig config, AttentionImplementation implementation)
    {
        if (!config.GetBool("layer_norm_elementwise_affine", true))
            throw config.Error("layer_norm_elementwise_affine", "is false", "true: norms without weights are not supported");
        (_config, _size, _layerDropout) = (config, config.GetSize("hidden_size"), config.GetProbability("layerdrop", 0));
        var embeddingSize = config.GetSize("word_embed_proj_dim", _size);
        Size = embeddingSize;
        _words = this.Register("decoder.embed_tokens", new TokenEmbedding(config.GetSize("vocab_size"), embeddingSize, config.GetIntOrNull("pad_token_id")));
        _positions = this.Register("decoder.embed_positions", new Embedding(config.GetSize("max_position_embeddings") + PositionOffset, _size));
        if (embeddingSize != _size)
        {
            _projectOut = this.Register("decoder.project_out", new Linear(_size, embeddingSize, bias: false));
            _projectIn = this.Register("decoder.project_in", new Linear(embeddingSize, _size, bias: false));
        }
        if (NormFirst && !config.GetBool("_remove_final_layer_norm", false))
            _norm = this.Register("decoder.final_layer_norm", new LayerNorm(_size, Epsilon));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"decoder.layers.{i}", CreateLayer(implementation)))];
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, new("position_ids", _positions.Weight.Rows - PositionOffset)];

    public override long? MaxLength => _positions.Weight.Rows - PositionOffset;

    internal override bool PaddingTakesPositions => false;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var words = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        var hidden = (_projectIn?.Forward(words) ?? words) + _positions.Forward(Positions(batch, layout) + PositionOffset);
        foreach (var layer in _layers)
        {
            if (training && _layerDropout > 0 && rand(1).item<float>() < _layerDropout)
                continue;
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        hidden = _norm?.Forward(hidden) ?? hidden;
        return (_projectOut?.Forward(hidden) ?? hidden).MoveToOuterDisposeScope();
    }

    private bool NormFirst => _config.GetBool("do_layer_norm_before", true);

    // Left padding does not count; its position is the one before the first.
    private static Tensor Positions(Batch batch, TokenLayout layout) => batch.Find("attention_mask") is { } mask && !batch.ContainsKey("position_ids")
        ? layout.Arrange((mask.cumsum(1) * mask - 1).to(ScalarType.Int64))
        : layout.Positions;

    private PreNormLayer CreateLayer(AttentionImplementation implementation) => new()
    {
        Attention = ("self_attn", CreateAttention(implementation)),
        AttentionNorm = ("self_attn_layer_norm", new LayerNorm(_size, Epsilon)),
        FeedForward = ("", CreateFeedForward()),
        FeedForwardNorm = ("final_layer_norm", new LayerNorm(_size, Epsilon)),
        Dropout = _config.GetProbability("dropout", 0.1),
        Arrangement = NormFirst ? ResidualArrangement.PreNorm : ResidualArrangement.PostNorm,
    };

    private SelfAttention CreateAttention(AttentionImplementation implementation)
    {
        var heads = _config.GetHeads("num_attention_heads", "hidden_size");
        var attention = new Attention(heads, _config.GetProbability("attention_dropout", 0), implementation) { Causal = _config.GetBool("is_causal", true) };
        return new(attention, _size / heads)
        {
            Key = ("k_proj", CreateLinear(_size, _size)),
            Value = ("v_proj", CreateLinear(_size, _size)),
            Query = ("q_proj", CreateLinear(_size, _size)),
            Output = ("out_proj", CreateLinear(_size, _size)),
        };
    }

    private FeedForward CreateFeedForward()
    {
        var inner = _config.GetSize("ffn_dim");
        return new(Activation.FromConfig(_config, "activation_function", "relu"), "activation_fn")
        {
            Inner = ("fc1", CreateLinear(_size, inner)),
            Output = ("fc2", CreateLinear(inner, _size)),
        };
    }

    private Linear CreateLinear(int inputs, int outputs) => new(inputs, outputs, _config.GetBool("enable_bias", true));

    private static Opt Body(PretrainedConfig config, AttentionImplementation implementation, bool pooled) => new(config, implementation);
}
