using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// The text model of Gemma 3 (Gemma Team 2025, arXiv:2503.19786): Gemma 2 with query/key normalization in place of soft-capping, and a sliding window in five of six layers,
/// whose rotary embedding has a base of its own. EmbeddingGemma (Schechter Vera et al. 2025, arXiv:2509.20354) is the same with bidirectional attention.
/// </summary>
internal sealed class Gemma3 : Gemma2
{
    public static new readonly Architecture Registration = Llama.Describe("gemma3_text", "Gemma3Text", Blocks, """
        {
          "vocab_size": 262208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
          "max_position_embeddings": 131072, "pad_token_id": 0, "tie_word_embeddings": true, "query_pre_attn_scalar": 256, "sliding_window": 4096
        }
        """, causalClass: "Gemma3ForCausalLM");

    private readonly RotaryEmbedding _globalRotary, _localRotary;
    private readonly bool _isBidirectional;

    private Gemma3(PretrainedConfig config, AttentionImplementation implementation, IReadOnlyList<int?> windows) : base(config, implementation, windows)
    {
        var parameters = config.Section("rope_parameters");
        _globalRotary = RotaryEmbedding.FromConfig(config, config.Section("rope_scaling") ?? parameters?.Section("full_attention"), HeadSize, config.GetDouble("rope_theta", 1_000_000));
        _localRotary = RotaryEmbedding.FromConfig(config, parameters?.Section("sliding_attention"), HeadSize, config.GetDouble("rope_local_base_freq", 10_000));
        _isBidirectional = config.GetBool("use_bidirectional_attention", false);
    }

    public override bool IsCausal => base.IsCausal && !_isBidirectional;

    public override double? ScoreSoftCap => null;

    public override SelfAttention Attention(int layer) => base.Attention(layer).WithQueryKeyNorms(("q_norm", Norm(HeadSize)), ("k_norm", Norm(HeadSize)));

    public override RotaryEmbedding Rotary(int layer) => SlidingWindow(layer) is null ? _globalRotary : _localRotary;

    // The window of EmbeddingGemma extends over both sides.
    public override int? BidirectionalWindow(int layer) => _isBidirectional ? SlidingWindow(layer) / 2 : SlidingWindow(layer);

    private static Gemma3 Blocks(PretrainedConfig config, AttentionImplementation implementation)
    {
        var pattern = config.GetInt("sliding_window_pattern", config.GetInt("_sliding_window_pattern", 6));
        return pattern > 0
            ? new(config, implementation, SlidingWindows.ByLayerType(config, SlidingWindows.Read(config), layer => (layer + 1) % pattern != 0))
            : throw config.Error("sliding_window_pattern", $"is {pattern}", "a number above 0");
    }
}
