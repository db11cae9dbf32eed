using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"): a pre-norm decoder with learned positions and a fused projection to queries, keys and
/// values. The matrices of its projections are stored transposed.
/// </summary>
internal sealed class Gpt2 : ModelBody
{
    public static readonly Architecture Registration = new Architecture("gpt2", basePrefix: "transformer")
    {
        ClassName = "GPT2",
        OwnNames = new Dictionary<string, string>
        {
            ["hidden_size"] = "n_embd", ["max_position_embeddings"] = "n_positions", ["num_attention_heads"] = "n_head", ["num_hidden_layers"] = "n_layer",
        },
        Defaults = """{ "vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12 }""",
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: true), className: "GPT2LMHeadModel")
        .With(ModelHead.SequenceClassification, Body, SequenceClassificationHead.OfLastToken)
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new() { Dropout = config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout", 0.1)) }))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear);

    private readonly PretrainedConfig _config;
    private readonly int _size;
    private readonly TokenEmbedding _words;
    private readonly Embedding _positions;
    private readonly Dropout _dropout;
    private readonly PreNormLayer[] _layers;
    private readonly Norm _norm;

    private Gpt2(PretrainedConfig config, AttentionImplementation implementation)
    {
        if (config.GetBool("add_cross_attention", false))
            throw config.Error("add_cross_attention", "is true", "false: cross-attention to the output of an encoder is not supported");
        (_config, _size) = (config, config.GetSize("n_embd"));
        _words = this.Register("wte", new TokenEmbedding(config.GetSize("vocab_size"), _size));
        _positions = this.Register("wpe", new Embedding(config.GetSize("n_positions"), _size));
        _dropout = this.Register("drop", new Dropout(config.GetProbability("embd_pdrop", 0.1)));
        _layers = [.. Enumerable.Range(0, config.GetSize("n_layer")).Select(i => this.Register($"h.{i}", CreateLayer(i, implementation)))];
        _norm = this.Register("ln_f", CreateNorm());
    }

    public override long Size => _size;

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids", "token_type_ids"];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, new("position_ids", _positions.Weight.Rows), new("token_type_ids", _words.Weight.Rows)];

    public override long? MaxLength => _positions.Weight.Rows;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var hidden = TransformerLayer.RunAll(_layers, Embed(batch, layout), layout);
        return _norm.Forward(hidden);
    }

    // Token types share the embedding of words.
    private Tensor Embed(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var sum = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout) + _positions.Forward(layout.Positions);
        if (batch.Find("token_type_ids") is { } types)
            sum = sum + _words.Forward(layout.Arrange(types));
        return _dropout.Forward(sum).MoveToOuterDisposeScope();
    }

    private PreNormLayer CreateLayer(int index, AttentionImplementation implementation)
    {
        // The more residual paths there are, the smaller the weights at their ends begin.
        var residualDeviation = _config.GetDouble("initializer_range", 0.02) / Math.Sqrt(2 * _config.GetSize("n_layer"));
        return new()
        {
            AttentionNorm = ("ln_1", CreateNorm()),
            Attention = ("attn", CreateAttention(index, implementation, residualDeviation)),
            FeedForwardNorm = ("ln_2", CreateNorm()),
            FeedForward = ("mlp", CreateFeedForward(residualDeviation)),
            Dropout = _config.GetProbability("resid_pdrop", 0.1),
        };
    }

    private SelfAttention CreateAttention(int index, AttentionImplementation implementation, double residualDeviation)
    {
        var heads = _config.GetHeads("n_head", "n_embd");
        var scale = _config.GetBool("scale_attn_weights", true) ? 1 / Math.Sqrt(_size / heads) : 1;
        if (_config.GetBool("scale_attn_by_inverse_layer_idx", false))
            scale /= index + 1;
        var attention = new Attention(heads, _config.GetProbability("attn_pdrop", 0.1), implementation) { Causal = _config.GetBool("is_causal", true), Scale = scale };
        return new(attention, _size / heads)
        {
            QueryKeyValue = ("c_attn", new Conv1D(_size, 3 * _size)),
            Output = ("c_proj", new Conv1D(_size, _size) { Deviation = residualDeviation }),
        };
    }

    private FeedForward CreateFeedForward(double residualDeviation)
    {
        var inner = _config.GetInt("n_inner", 4 * _size);
        return new(Activation.FromConfig(_config, "activation_function", "gelu_new"))
        {
            Inner = ("c_fc", new Conv1D(_size, inner)),
            Output = ("c_proj", new Conv1D(inner, _size) { Deviation = residualDeviation }),
        };
    }

    private LayerNorm CreateNorm() => new(_size, _config.GetDouble("layer_norm_epsilon", 1e-5));

    private static Gpt2 Body(PretrainedConfig config, AttentionImplementation implementation, bool pooled) => new(config, implementation);
}
