using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// Llama 1 to 3 (Touvron et al. 2023, arXiv:2302.13971; Llama Team 2024, arXiv:2407.21783): a decoder of pre-norm layers with RMS norms, grouped-query attention with
/// rotary embedding, and a gated feed-forward network. Architectures that descend from it derive from <see cref="LlamaBlocks"/> and override the blocks in which they differ.
/// </summary>
public sealed class Llama : ModelBody
{
    internal static readonly Architecture Registration = Describe("llama", "Llama", Blocks, """
        { "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048 }
        """)
        .With(ModelHead.TokenClassification, Body(Blocks), TokenClassification)
        .With(ModelHead.QuestionAnswering, Body(Blocks), QuestionAnsweringHead.Linear, prefix: "transformer");

    private readonly TokenEmbedding _embedding;
    private readonly PreNormLayer[] _layers;
    private readonly Norm _norm;

    /// <summary>Creates a body whose weights are not filled yet.</summary>
    /// <param name="blocks">Creates its blocks.</param>
    public Llama(LlamaBlocks blocks)
    {
        Size = blocks.HiddenSize;
        _embedding = this.Register("embed_tokens", blocks.Embedding());
        _layers = [.. Enumerable.Range(0, blocks.LayerCount).Select(i => this.Register($"layers.{i}", blocks.Layer(i)))];
        _norm = this.Register("norm", blocks.Norm(blocks.HiddenSize));
    }

    /// <inheritdoc/>
    public override long Size { get; }

    /// <inheritdoc/>
    public override Embedding InputEmbedding => _embedding;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    /// <inheritdoc/>
    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var embedded = _embedding.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        using var hidden = TransformerLayer.RunAll(_layers, embedded, layout);
        return _norm.Forward(hidden);
    }

    /// <summary>Returns the architecture of a descendant of Llama, with heads for language modelling and sequence classification.</summary>
    /// <param name="modelType">The <c>model_type</c> of <c>config.json</c>.</param>
    /// <param name="className">The prefix of the Hugging Face class names.</param>
    /// <param name="blocks">Creates the blocks.</param>
    /// <param name="defaults">The values of fields that a configuration may omit, as a JSON object.</param>
    /// <param name="causalClass">The Hugging Face class of the language model. If null, it follows from <paramref name="className"/>.</param>
    public static Architecture Describe(string modelType, string className, LlamaBlocks.Factory blocks, string defaults, string? causalClass = null)
    {
        var architecture = new Architecture(modelType, basePrefix: "model") { ClassName = className, Defaults = defaults };
        return architecture
            .With(ModelHead.Base, Body(blocks), _ => new BaseHead())
            .With(ModelHead.CausalLM, Body(blocks), LanguageModel, causalClass)
            .With(ModelHead.SequenceClassification, Body(blocks), SequenceClassificationHead.OfLastToken);
    }

    /// <summary>Returns a factory of the body over blocks.</summary>
    public static ModelBody.Factory Body(LlamaBlocks.Factory blocks) => (config, implementation, _) => new Llama(blocks(config, implementation));

    /// <summary>Returns the head for token classification, which most descendants have.</summary>
    internal static TokenClassificationHead TokenClassification(PretrainedConfig config) =>
        new(new() { Output = "score", Dropout = config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout", 0.1)) });

    private static LlamaBlocks Blocks(PretrainedConfig config, AttentionImplementation implementation) => new(config, implementation)
    {
        AttentionBias = config.GetBool("attention_bias", false),
        FeedForwardBias = config.GetBool("mlp_bias", false),
    };

    private static CausalLanguageModelHead LanguageModel(PretrainedConfig config) =>
        new(isTied: config.GetBool("tie_word_embeddings", false), softCap: config.GetDoubleOrNull("final_logit_softcapping", null));
}

/// <summary>Creates the blocks of a Llama from its configuration.</summary>
public class LlamaBlocks
{
    private readonly RotaryEmbedding _rotary;

    /// <summary>Creates the blocks that a configuration describes.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="implementation">The way in which attention is computed.</param>
    public delegate LlamaBlocks Factory(PretrainedConfig config, AttentionImplementation implementation);

    /// <inheritdoc cref="Factory"/>
    public LlamaBlocks(PretrainedConfig config, AttentionImplementation implementation)
    {
        (Config, Implementation) = (config, implementation);
        (HiddenSize, LayerCount, HeadCount) = (config.GetSize("hidden_size"), config.GetSize("num_hidden_layers"), config.GetSize("num_attention_heads"));
        if (!config.Has("head_dim") && HiddenSize % HeadCount != 0)
            throw config.Error("num_attention_heads", $"is {HeadCount}, which does not divide hidden_size {HiddenSize}", "a divisor of it, or head_dim is given");
        HeadSize = config.GetSize("head_dim", HiddenSize / HeadCount);
        KeyValueHeadCount = config.GetSize("num_key_value_heads", HeadCount);
        if (HeadCount % KeyValueHeadCount != 0)
            throw config.Error("num_key_value_heads", $"is {KeyValueHeadCount}, which does not divide num_attention_heads {HeadCount}", "a divisor of it");
        _rotary = RotaryEmbedding.FromConfig(config, HeadSize);
    }

    /// <summary>The configuration, with the defaults of the architecture.</summary>
    public PretrainedConfig Config { get; }

    /// <summary>The way in which attention is computed.</summary>
    public AttentionImplementation Implementation { get; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    public int VocabularySize => Config.GetSize("vocab_size");

    /// <summary>The token id of padding, whose embedding is zero and is not trained. If null, there is none.</summary>
    // A negative index counts from the end, as in PyTorch.
    public int? PaddingIndex => Config.GetIntOrNull("pad_token_id") switch
    {
        null => null,
        var id when id >= -VocabularySize && id < VocabularySize => id < 0 ? VocabularySize + id : id,
        var id => throw Config.Error("pad_token_id", $"is {id}", $"below vocab_size {VocabularySize}, or null"),
    };

    /// <summary>The size of hidden states.</summary>
    public int HiddenSize { get; }

    /// <summary>The number of layers.</summary>
    public int LayerCount { get; }

    /// <summary>The number of query heads.</summary>
    public int HeadCount { get; }

    /// <summary>The number of key and value heads in grouped-query attention. Each is shared by <see cref="HeadCount"/> / <see cref="KeyValueHeadCount"/> query heads.</summary>
    public int KeyValueHeadCount { get; }

    /// <summary>The size of a head.</summary>
    public int HeadSize { get; }

    /// <summary>true if the projections of attention have biases. Default: false.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>true if the projections to queries, keys and values have biases. Default: <see cref="AttentionBias"/>.</summary>
    public virtual bool QueryKeyValueBias => AttentionBias;

    /// <summary>true if the projections of the feed-forward network have biases. Default: false.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>true for a causal mask. If false, as in decoders that were converted to encoders, a token sees later ones too. Default: the field <c>is_causal</c>, or true.</summary>
    public virtual bool IsCausal => Config.GetBool("is_causal", true);

    /// <summary>The factor by which attention scores are multiplied. If null, 1/√(head size). Default: null.</summary>
    public virtual double? ScoreScale => null;

    /// <summary>The logit soft-capping of attention scores. If null, scores are not capped. Default: null.</summary>
    public virtual double? ScoreSoftCap => null;

    /// <summary>The dropout probability of attention weights.</summary>
    public double AttentionDropout => Config.GetProbability("attention_dropout", 0);

    /// <summary>Creates the embedding of tokens.</summary>
    public virtual TokenEmbedding Embedding() => new(VocabularySize, HiddenSize, PaddingIndex);

    /// <summary>Creates a layer.</summary>
    public virtual PreNormLayer Layer(int layer) => new()
    {
        Attention = ("self_attn", Attention(layer)),
        FeedForward = ("mlp", FeedForward()),
        AttentionNorm = ("input_layernorm", Norm(HiddenSize)),
        FeedForwardNorm = ("post_attention_layernorm", Norm(HiddenSize)),
    };

    /// <summary>Creates the self-attention of a layer with its projections.</summary>
    public virtual SelfAttention Attention(int layer) => new(Scores(layer), HeadSize)
    {
        Query = ("q_proj", new Linear(HiddenSize, HeadCount * HeadSize, QueryKeyValueBias)),
        Key = ("k_proj", new Linear(HiddenSize, KeyValueHeadCount * HeadSize, QueryKeyValueBias)),
        Value = ("v_proj", new Linear(HiddenSize, KeyValueHeadCount * HeadSize, QueryKeyValueBias)),
        Output = ("o_proj", new Linear(HeadCount * HeadSize, HiddenSize, AttentionBias)),
        Rotary = Rotary(layer),
        BidirectionalWindow = IsCausal ? null : BidirectionalWindow(layer),
    };

    /// <summary>Creates the attention of a layer over projected queries, keys and values.</summary>
    public virtual Attention Scores(int layer) => new(HeadCount, AttentionDropout, Implementation)
    {
        KeyValueHeads = KeyValueHeadCount,
        Causal = IsCausal,
        Window = IsCausal ? SlidingWindow(layer) : null,
        Scale = ScoreScale,
        SoftCap = ScoreSoftCap,
    };

    /// <summary>Returns the rotary embedding of a layer.</summary>
    public virtual RotaryEmbedding Rotary(int layer) => _rotary;

    /// <summary>Returns the size of the sliding window of a layer in tokens, the query's own token included. If null, all earlier tokens are visible.</summary>
    public virtual int? SlidingWindow(int layer) => null;

    /// <summary>Returns the largest distance, before or after it, at which a token sees another if attention is not causal. If null, it sees the whole text.</summary>
    public virtual int? BidirectionalWindow(int layer) => SlidingWindow(layer);

    /// <summary>Creates the feed-forward network of a layer.</summary>
    public virtual Sublayer FeedForward() =>
        new GatedFeedForward(HiddenSize, Config.GetSize("intermediate_size"), Activation.FromConfig(Config, "hidden_act", "silu"), FeedForwardBias);

    /// <summary>Creates a norm over the last axis.</summary>
    /// <param name="size">The length of that axis.</param>
    public virtual Norm Norm(int size) => new RmsNorm(size, Config.GetDouble("rms_norm_eps", 1e-6));
}
