using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// Gemma 2 (Gemma Team 2024, arXiv:2408.00118): Llama with scaled embeddings, RMS norms with unit offset before and after each sublayer, a sliding window in every second
/// layer, and soft-capping of attention scores and of the logits.
/// </summary>
internal class Gemma2 : LlamaBlocks
{
    public static readonly Architecture Registration = Llama.Describe("gemma2", "Gemma2", Blocks, """
        {
          "vocab_size": 256000, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
          "max_position_embeddings": 8192, "pad_token_id": 0, "tie_word_embeddings": true, "query_pre_attn_scalar": 256, "sliding_window": 4096,
          "attn_logit_softcapping": 50, "final_logit_softcapping": 30
        }
        """)
        .With(ModelHead.TokenClassification, Llama.Body(Blocks), Llama.TokenClassification);

    private readonly double _queryScalar;
    private readonly IReadOnlyList<int?> _windows;

    /// <param name="config">The configuration.</param>
    /// <param name="implementation">The way in which attention is computed.</param>
    /// <param name="windows">The sliding window of each layer.</param>
    protected Gemma2(PretrainedConfig config, AttentionImplementation implementation, IReadOnlyList<int?> windows) : base(config, implementation)
    {
        _windows = windows;
        AttentionBias = config.GetBool("attention_bias", false);
        _queryScalar = config.GetDouble("query_pre_attn_scalar", 256);
        if (!(_queryScalar > 0))
            throw config.Error("query_pre_attn_scalar", FormattableString.Invariant($"is {_queryScalar}"), "a number above 0");
    }

    public override double? ScoreScale => 1 / Math.Sqrt(_queryScalar);

    public override double? ScoreSoftCap => Config.GetDoubleOrNull("attn_logit_softcapping", null);

    public override TokenEmbedding Embedding() => new(VocabularySize, HiddenSize, PaddingIndex) { Scale = (float)Math.Sqrt(HiddenSize) };

    public override PreNormLayer Layer(int layer) => new()
    {
        Attention = ("self_attn", Attention(layer)),
        FeedForward = ("mlp", FeedForward()),
        AttentionNorm = ("input_layernorm", Norm(HiddenSize)),
        AttentionOutputNorm = ("post_attention_layernorm", Norm(HiddenSize)),
        FeedForwardNorm = ("pre_feedforward_layernorm", Norm(HiddenSize)),
        FeedForwardOutputNorm = ("post_feedforward_layernorm", Norm(HiddenSize)),
    };

    public override int? SlidingWindow(int layer) => _windows[layer];

    public override Sublayer FeedForward() =>
        new GatedFeedForward(HiddenSize, Config.GetSize("intermediate_size"), Activation.FromConfig(Config, "hidden_activation", "gelu_pytorch_tanh"));

    public override Norm Norm(int size) => new RmsNorm(size, Config.GetDouble("rms_norm_eps", 1e-6), unitOffset: true);

    private static Gemma2 Blocks(PretrainedConfig config, AttentionImplementation implementation) =>
        new(config, implementation, SlidingWindows.ByLayerType(config, SlidingWindows.Read(config), layer => layer % 2 == 0));
}
