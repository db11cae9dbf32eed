using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// GPT-NeoX (Black et al. 2022, arXiv:2204.06745), and Pythia with it: a pre-norm decoder with rotary embedding of a part of each head, a fused projection to queries, keys and
/// values, and attention and feed-forward network in parallel.
/// </summary>
internal sealed class GptNeoX : ModelBody
{
    public static readonly Architecture Registration = new Architecture("gpt_neox", basePrefix: "gpt_neox")
    {
        ClassName = "GPTNeoX",
        FileNames = { ["lm_head.weight"] = "embed_out.weight" },
        Defaults = """
            { "vocab_size": 50432, "hidden_size": 6144, "intermediate_size": 24576, "num_hidden_layers": 44, "num_attention_heads": 64, "max_position_embeddings": 2048 }
            """,
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: false))
        .With(ModelHead.SequenceClassification, Body, SequenceClassificationHead.OfLastToken)
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new() { Dropout = config.GetProbability("classifier_dropout", 0.1) }))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear);

    private readonly PretrainedConfig _config;
    private readonly int _size, _heads;
    private readonly RotaryEmbedding _rotary;
    private readonly TokenEmbedding _words;
    private readonly Dropout _dropout;
    private readonly PreNormLayer[] _layers;
    private readonly Norm _norm;

    private GptNeoX(PretrainedConfig config, AttentionImplementation implementation)
    {
        (_config, _size, _heads) = (config, config.GetSize("hidden_size"), config.GetHeads("num_attention_heads", "hidden_size"));
        _rotary = RotaryEmbedding.FromConfig(
            config, config.Section("rope_scaling") ?? config.Section("rope_parameters"), _size / _heads, config.GetDouble("rotary_emb_base", 10_000), config.GetDouble("rotary_pct", 0.25));
        _words = this.Register("embed_in", new TokenEmbedding(config.GetSize("vocab_size"), _size));
        _dropout = this.Register("emb_dropout", new Dropout(config.GetProbability("hidden_dropout", 0)));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"layers.{i}", CreateLayer(implementation)))];
        _norm = this.Register("final_layer_norm", CreateNorm());
    }

    public override long Size => _size;

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var embedded = _dropout.Forward(_words.Forward(layout.Arrange(batch.Get("input_ids")), layout));
        return _norm.Forward(TransformerLayer.RunAll(_layers, embedded, layout)).MoveToOuterDisposeScope();
    }

    private PreNormLayer CreateLayer(AttentionImplementation implementation) => new()
    {
        AttentionNorm = ("input_layernorm", CreateNorm()),
        FeedForwardNorm = ("post_attention_layernorm", CreateNorm()),
        Attention = ("attention", CreateAttention(implementation)),
        FeedForward = ("mlp", CreateFeedForward()),
        Dropout = _config.GetProbability("hidden_dropout", 0),
        Arrangement = _config.GetBool("use_parallel_residual", true) ? ResidualArrangement.Parallel : ResidualArrangement.PreNorm,
    };

    private SelfAttention CreateAttention(AttentionImplementation implementation)
    {
        var bias = _config.GetBool("attention_bias", true);
        var attention = new Attention(_heads, _config.GetProbability("attention_dropout", 0), implementation) { Causal = _config.GetBool("is_causal", true) };
        return new(attention, _size / _heads)
        {
            QueryKeyValue = ("query_key_value", new Linear(_size, 3L * _size, bias)),
            FusedByHead = true,
            Output = ("dense", new Linear(_size, _size, bias)),
            Rotary = _rotary,
        };
    }

    private FeedForward CreateFeedForward()
    {
        var inner = _config.GetSize("intermediate_size");
        return new(Activation.FromConfig(_config, "hidden_act", "gelu"))
        {
            Inner = ("dense_h_to_4h", new Linear(_size, inner)),
            Output = ("dense_4h_to_h", new Linear(inner, _size)),
        };
    }

    private LayerNorm CreateNorm() => new(_size, _config.GetDouble("layer_norm_eps", 1e-5));

    private static GptNeoX Body(PretrainedConfig config, AttentionImplementation implementation, bool pooled) => new(config, implementation);
}
