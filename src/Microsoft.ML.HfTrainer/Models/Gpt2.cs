using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"): a pre-norm decoder with learned positions, whose maps are stored the other way round.</summary>
internal sealed class Gpt2 : ModelBody
{
    public static readonly Architecture Registration = new Architecture("gpt2", basePrefix: "transformer") { ClassName = "GPT2" }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: true), className: "GPT2LMHeadModel")
        .With(ModelHead.SequenceClassification, Body, SequenceClassificationHead.OfLastToken)
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new() { Dropout = config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout", 0.1)) }))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear);

    private readonly TokenEmbedding _words;
    private readonly Embedding _positions;
    private readonly Dropout _dropout;
    private readonly Gpt2Layer[] _layers;
    private readonly LayerNorm _norm;

    private Gpt2(PretrainedConfig config, AttentionImplementation attention)
    {
        if (config.GetBool("add_cross_attention", false))
            throw config.Error("add_cross_attention", "is true", "false: a decoder that reads another model's text is not supported");
        var size = config.GetSize("n_embd");
        Size = size;
        _words = this.Register("wte", new TokenEmbedding(config.GetSize("vocab_size"), size));
        _positions = this.Register("wpe", new Embedding(config.GetSize("n_positions"), size));
        _dropout = this.Register("drop", new Dropout(config.GetProbability("embd_pdrop", 0.1)));
        _layers = [.. Enumerable.Range(0, config.GetSize("n_layer")).Select(i => this.Register($"h.{i}", new Gpt2Layer(config, size, i, attention)))];
        _norm = this.Register("ln_f", new LayerNorm(size, config.GetDouble("layer_norm_epsilon", 1e-5)));
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids", "token_type_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var hidden = Embed(batch, layout);
        foreach (var layer in _layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        using var last = hidden;
        return _norm.Forward(last);
    }

    // Token types are words too.
    private Tensor Embed(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var sum = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout) + _positions.Forward(layout.Positions);
        if (batch.Find("token_type_ids") is { } types)
            sum = sum + _words.Forward(layout.Arrange(types));
        return _dropout.Forward(sum).MoveToOuterDisposeScope();
    }

    private static Gpt2 Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class Gpt2Layer : TransformerLayer
{
    private readonly Conv1D _queryKeyValue, _attentionOutput, _intermediate, _output;
    private readonly Attention _attention;
    private readonly LayerNorm _attentionNorm, _feedForwardNorm;
    private readonly Dropout _dropout;
    private readonly Activation _activation;

    public Gpt2Layer(PretrainedConfig config, int size, int index, AttentionImplementation attention)
    {
        var (heads, inner, epsilon) = (config.GetHeads("n_head", "n_embd"), config.GetInt("n_inner", 4 * size), config.GetDouble("layer_norm_epsilon", 1e-5));
        // The paths that add to the hidden states begin small, the smaller the more there are of them.
        var residual = config.GetDouble("initializer_range", 0.02) / Math.Sqrt(2 * config.GetSize("n_layer"));
        var scale = config.GetBool("scale_attn_weights", true) ? 1 / Math.Sqrt(size / heads) : 1;
        if (config.GetBool("scale_attn_by_inverse_layer_idx", false))
            scale /= index + 1;
        _attentionNorm = this.Register("ln_1", new LayerNorm(size, epsilon));
        _queryKeyValue = this.Register("attn.c_attn", new Conv1D(size, 3 * size));
        _attentionOutput = this.Register("attn.c_proj", new Conv1D(size, size) { Deviation = residual });
        _attention = this.Register("attn.weights", new Attention(heads, config.GetProbability("attn_pdrop", 0.1), attention) { Causal = config.GetBool("is_causal", true), Scale = scale });
        _feedForwardNorm = this.Register("ln_2", new LayerNorm(size, epsilon));
        _intermediate = this.Register("mlp.c_fc", new Conv1D(size, inner));
        _output = this.Register("mlp.c_proj", new Conv1D(inner, size) { Deviation = residual });
        _activation = Activation.FromConfig(config, "activation_function", "gelu_new");
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("resid_pdrop", 0.1)));
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var parts = _queryKeyValue.Forward(_attentionNorm.Forward(hidden)).chunk(3, -1);
        var context = _attention.Forward(parts[0], parts[1], parts[2], layout);
        var attended = _dropout.Forward(_attentionOutput.Forward(context)) + hidden;
        var fed = _output.Forward(_activation.Forward(_intermediate.Forward(_feedForwardNorm.Forward(attended))));
        return (attended + _dropout.Forward(fed)).MoveToOuterDisposeScope();
    }
}
