using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// GPT-NeoX (Black et al. 2022, arXiv:2204.06745), and Pythia with it: a decoder with rotary attention over a part of each head, whose attention and feed-forward see the same hidden states.
/// </summary>
internal sealed class GptNeoX : ModelBody
{
    public static readonly Architecture Registration = new Architecture("gpt_neox", basePrefix: "gpt_neox") { ClassName = "GPTNeoX", FileNames = { ["lm_head.weight"] = "embed_out.weight" } }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: false))
        .With(ModelHead.SequenceClassification, Body, SequenceClassificationHead.OfLastToken)
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new() { Dropout = config.GetProbability("classifier_dropout", 0.1) }))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear);

    private readonly TokenEmbedding _words;
    private readonly Dropout _dropout;
    private readonly GptNeoXLayer[] _layers;
    private readonly LayerNorm _norm;
    private readonly Rotary _rotary;

    private GptNeoX(PretrainedConfig config, AttentionImplementation attention)
    {
        var size = config.GetSize("hidden_size");
        var heads = config.GetHeads("num_attention_heads", "hidden_size");
        Size = size;
        _rotary = Rotary.Of(config, config.Section("rope_scaling") ?? config.Section("rope_parameters"), size / heads, config.GetDouble("rotary_emb_base", 10_000), config.GetDouble("rotary_pct", 0.25));
        _words = this.Register("embed_in", new TokenEmbedding(config.GetSize("vocab_size"), size));
        _dropout = this.Register("emb_dropout", new Dropout(config.GetProbability("hidden_dropout", 0)));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"layers.{i}", new GptNeoXLayer(config, size, heads, _rotary, attention)))];
        _norm = this.Register("final_layer_norm", new LayerNorm(size, config.GetDouble("layer_norm_eps", 1e-5)));
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var hidden = _dropout.Forward(_words.Forward(layout.Arrange(batch.Get("input_ids")), layout));
        _rotary.At(layout, hidden.dtype);
        foreach (var layer in _layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        using var last = hidden;
        return _norm.Forward(last);
    }

    private static GptNeoX Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class GptNeoXLayer : TransformerLayer
{
    private readonly Linear _queryKeyValue, _attentionOutput, _intermediate, _output;
    private readonly Attention _attention;
    private readonly Rotary _rotary;
    private readonly LayerNorm _attentionNorm, _feedForwardNorm;
    private readonly Dropout _dropout;
    private readonly Activation _activation;
    private readonly int _heads;
    private readonly bool _parallel;

    public GptNeoXLayer(PretrainedConfig config, int size, int heads, Rotary rotary, AttentionImplementation attention)
    {
        var (inner, bias, epsilon) = (config.GetSize("intermediate_size"), config.GetBool("attention_bias", true), config.GetDouble("layer_norm_eps", 1e-5));
        (_rotary, _heads, _parallel) = (rotary, heads, config.GetBool("use_parallel_residual", true));
        _attentionNorm = this.Register("input_layernorm", new LayerNorm(size, epsilon));
        _feedForwardNorm = this.Register("post_attention_layernorm", new LayerNorm(size, epsilon));
        _queryKeyValue = this.Register("attention.query_key_value", new Linear(size, 3 * size, bias));
        _attentionOutput = this.Register("attention.dense", new Linear(size, size, bias));
        _attention = this.Register("attention.weights", new Attention(heads, config.GetProbability("attention_dropout", 0), attention) { Causal = config.GetBool("is_causal", true) });
        _intermediate = this.Register("mlp.dense_h_to_4h", new Linear(size, inner));
        _output = this.Register("mlp.dense_4h_to_h", new Linear(inner, size));
        _activation = Activation.FromConfig(config, "hidden_act", "gelu");
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("hidden_dropout", 0)));
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var attended = _dropout.Forward(Attend(_attentionNorm.Forward(hidden), layout));
        if (_parallel)
            return (_dropout.Forward(Feed(hidden)) + attended + hidden).MoveToOuterDisposeScope();
        var sum = attended + hidden;
        return (_dropout.Forward(Feed(sum)) + sum).MoveToOuterDisposeScope();
    }

    // The matrix gives for each head its query, key and value, one after another.
    private Tensor Attend(Tensor hidden, TokenLayout layout)
    {
        long[] tokens = hidden.shape[..^1];
        var heads = _queryKeyValue.Forward(hidden).view([.. tokens, _heads, -1]).chunk(3, -1);
        var rotation = _rotary.At(layout, hidden.dtype);
        Tensor Join(Tensor states) => states.reshape([.. tokens, -1]);
        return _attentionOutput.Forward(_attention.Forward(Join(rotation.Turn(heads[0])), Join(rotation.Turn(heads[1])), Join(heads[2]), layout));
    }

    private Tensor Feed(Tensor hidden) => _output.Forward(_activation.Forward(_intermediate.Forward(_feedForwardNorm.Forward(hidden))));
}
