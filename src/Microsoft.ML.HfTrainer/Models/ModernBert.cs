using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// ModernBERT (Warner et al. 2024, arXiv:2412.13663): a pre-norm encoder with rotary embeddings and gated feed-forward blocks, most of whose layers attend within a
/// sliding window.
/// </summary>
internal static class ModernBert
{
    public static readonly Architecture Registration = new Architecture("modernbert", basePrefix: "model") 
    {
        ClassName = "ModernBert",
        Defaults = """
            {
              "vocab_size": 50368, "hidden_size": 768, "intermediate_size": 1152, "num_hidden_layers": 22, "num_attention_heads": 12, "max_position_embeddings": 8192
            }
            """,
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(Pooling(config), Classifier(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(Classifier(config)))
        .With(ModelHead.QuestionAnswering, Body, config => new QuestionAnsweringHead(Classifier(config)))
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(Pooling(config), Classifier(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(new MaskedLanguageModelShape
        {
            Dense = "head.dense",
            DenseBias = config.GetBool("classifier_bias", false),
            Activation = Activation.FromConfig(config, "classifier_activation", "gelu"),
            ActivationName = "head.act",
            Norm = "head.norm",
            NormBias = config.GetBool("norm_bias", false),
            Epsilon = Epsilon(config),
            Decoder = "decoder",
            DecoderBias = config.GetBool("decoder_bias", true),
            Reduction = LossReduction.SumOverLabelCount,
        }));

    public static double Epsilon(PretrainedConfig config) => config.GetDouble("norm_eps", 1e-5);

    public static LayerNorm Norm(PretrainedConfig config, int size) => new(size, Epsilon(config), config.GetBool("norm_bias", false));

    private static TextPooling Pooling(PretrainedConfig config) => config.GetString("classifier_pooling", "cls") switch
    {
        "cls" => TextPooling.FirstToken,
        "mean" => TextPooling.Mean,
        var other => throw config.Error("classifier_pooling", $"is \"{other}\"", "\"cls\" or \"mean\""),
    };

    private static ClassifierShape Classifier(PretrainedConfig config) => new()
    {
        Dense = "head.dense",
        DenseBias = config.GetBool("classifier_bias", false),
        Activation = Activation.FromConfig(config, "classifier_activation", "gelu"),
        ActivationName = "head.act",
        Norm = "head.norm",
        NormBias = config.GetBool("norm_bias", false),
        Epsilon = Epsilon(config),
        Dropout = config.GetProbability("classifier_dropout", 0),
    };

    private static ModernBertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class ModernBertModel : ModelBody
{
    private readonly PretrainedConfig _config;
    private readonly LayerNorm _embeddingNorm, _lastNorm;
    private readonly Dropout _dropout;
    private readonly ModernBertSpan _global, _local;
    private readonly ModernBertLayer[] _layers;
    private readonly TokenEmbedding _words;

    public ModernBertModel(PretrainedConfig config, AttentionImplementation attention)
    {
        var size = config.GetSize("hidden_size");
        var headSize = size / config.GetHeads("num_attention_heads", "hidden_size");
        (_config, Size) = (config, size);
        (_global, _local) = (ModernBertSpan.Global(config, headSize), ModernBertSpan.Local(config, headSize));
        _words = this.Register("embeddings.tok_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, config.GetIntOrNull("pad_token_id", 50283)));
        _embeddingNorm = this.Register("embeddings.norm", ModernBert.Norm(config, size));
        _dropout = this.Register("embeddings.drop", new Dropout(config.GetProbability("embedding_dropout", 0)));
        _layers = [.. Kinds(config).Select((kind, i) => this.Register($"layers.{i}", new ModernBertLayer(config, size, attention, kind == ModernBertSpan.GlobalName ? _global : _local, i)))];
        _lastNorm = this.Register("final_norm", ModernBert.Norm(config, size));
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var embedded = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        _global.Prepare(layout);
        _local.Prepare(layout);
        using var hidden = TransformerLayer.RunAll(_layers, _dropout.Forward(_embeddingNorm.Forward(embedded)), layout);
        return _lastNorm.Forward(hidden);
    }

    /// <summary>Draws matrices from a truncated normal distribution whose deviation depends on their role.</summary>
    public override void Initialize(string path, Layer layer, string name, Tensor parameter, double deviation)
    {
        base.Initialize(path, layer, name, parameter, deviation);
        if (name != "weight" || layer is not (Linear or Embedding or TokenDecoder))
            return;
        var last = path[(path.LastIndexOf('.') + 1)..];
        var own = last switch
        {
            "classifier" => 1 / Math.Sqrt(Size),
            "Wo" or "dense" or "decoder" => deviation / Math.Sqrt(2.0 * _layers.Length),
            _ => deviation,
        };
        Weights.DrawTruncatedNormal(parameter, own, _config.GetDouble("initializer_cutoff_factor", 2));
    }

    private static IReadOnlyList<string> Kinds(PretrainedConfig config)
    {
        var (depth, every) = (config.GetSize("num_hidden_layers"), config.Has("global_attn_every_n_layers") ? config.GetSize("global_attn_every_n_layers") : 3);
        var kinds = config.GetTexts("layer_types") ?? [.. Enumerable.Range(0, depth).Select(i => i % every == 0 ? ModernBertSpan.GlobalName : ModernBertSpan.LocalName)];
        return kinds.Count == depth && kinds.All(k => k is ModernBertSpan.GlobalName or ModernBertSpan.LocalName)
            ? kinds
            : throw config.Error("layer_types", $"is {string.Join(", ", kinds)}", $"{depth} times {ModernBertSpan.GlobalName} or {ModernBertSpan.LocalName}");
    }
}

/// <summary>The attention span of a layer: the whole text (global) or a sliding window (local). The two have rotary embeddings of different wavelengths.</summary>
internal sealed class ModernBertSpan(RotaryEmbedding rotary, int? neighbours)
{
    public const string GlobalName = "full_attention", LocalName = "sliding_attention";

    public static ModernBertSpan Global(PretrainedConfig config, int headSize) => new(RotaryOf(config, GlobalName, "global_rope_theta", 160_000, headSize), null);

    public static ModernBertSpan Local(PretrainedConfig config, int headSize) =>
        new(RotaryOf(config, LocalName, "local_rope_theta", 10_000, headSize), config.GetInt("local_attention", 128) / 2);

    /// <summary>Creates the tensors that all layers share.</summary>
    public void Prepare(TokenLayout layout)
    {
        _ = rotary.At(layout, ScalarType.Float32);
        _ = Bias(layout);
    }

    /// <summary>Applies the rotary embedding to queries or keys in the layout, in float32 as Hugging Face Transformers does.</summary>
    public Tensor Rotate(Tensor states, int heads, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var split = states.view([.. states.shape[..^1], heads, states.shape[^1] / heads]).to(ScalarType.Float32);
        return rotary.At(layout, ScalarType.Float32).Apply(split).reshape(states.shape).to(states.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Returns the bias that hides tokens outside the window, or null if there are none.</summary>
    public Tensor? Bias(TokenLayout layout) => neighbours is { } span ? BidirectionalWindow.Bias(layout, span) : null;

    private static RotaryEmbedding RotaryOf(PretrainedConfig config, string kind, string oldField, double theta, int headSize) =>
        RotaryEmbedding.FromConfig(config, config.Section("rope_parameters")?.Section(kind) ?? config.Section("rope_scaling"), headSize, config.GetDouble(oldField, theta));
}

internal sealed class ModernBertLayer : TransformerLayer
{
    private readonly LayerNorm? _attentionNorm;
    private readonly LayerNorm _feedForwardNorm;
    private readonly Linear _queryKeyValue, _attended, _inner, _output;
    private readonly Attention _attention;
    private readonly ModernBertSpan _span;
    private readonly int _heads;
    private readonly Dropout _attendedDropout, _innerDropout;
    private readonly Activation _activation;

    public ModernBertLayer(PretrainedConfig config, int size, AttentionImplementation attention, ModernBertSpan span, int index)
    {
        var (inner, dropout) = (config.GetSize("intermediate_size"), config.GetProbability("attention_dropout", 0));
        var (attentionBias, bias) = (config.GetBool("attention_bias", false), config.GetBool("mlp_bias", false));
        (_span, _heads) = (span, config.GetSize("num_attention_heads"));
        // The embeddings are normalized already.
        _attentionNorm = index == 0 ? null : this.Register("attn_norm", ModernBert.Norm(config, size));
        _queryKeyValue = this.Register("attn.Wqkv", new Linear(size, 3L * size, attentionBias));
        _attention = this.Register("attn.weights", new Attention(_heads, dropout, attention));
        _attended = this.Register("attn.Wo", new Linear(size, size, attentionBias));
        _attendedDropout = this.Register("attn.out_drop", new Dropout(dropout));
        _feedForwardNorm = this.Register("mlp_norm", ModernBert.Norm(config, size));
        _inner = this.Register("mlp.Wi", new Linear(size, 2L * inner, bias));
        _activation = Activation.FromConfig(config, "hidden_activation", "gelu").In(this, "mlp.act");
        _innerDropout = this.Register("mlp.drop", new Dropout(config.GetProbability("mlp_dropout", 0)));
        _output = this.Register("mlp.Wo", new Linear(inner, size, bias));
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var states = _queryKeyValue.Forward(_attentionNorm?.Forward(hidden) ?? hidden).chunk(3, -1);
        var (query, key) = (_span.Rotate(states[0], _heads, layout), _span.Rotate(states[1], _heads, layout));
        var context = _attention.Forward(query, key, states[2], layout, _span.Bias(layout));
        var attended = hidden + _attendedDropout.Forward(_attended.Forward(context));
        var halves = _inner.Forward(_feedForwardNorm.Forward(attended)).chunk(2, -1);
        var fed = _output.Forward(_innerDropout.Forward(_activation.Forward(halves[0]) * halves[1]));
        return (attended + fed).MoveToOuterDisposeScope();
    }
}
