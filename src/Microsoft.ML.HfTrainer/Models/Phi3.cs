using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Phi-3 (Abdin et al. 2024, arXiv:2404.14219): Llama with fused projections, dropout of the residual path and an optional sliding window in every layer.</summary>
internal sealed class Phi3(PretrainedConfig config, AttentionImplementation implementation) : LlamaBlocks(config, implementation)
{
    public static readonly Architecture Registration = Llama.Describe("phi3", "Phi3", Blocks, """
        {
          "vocab_size": 32064, "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 4096,
          "original_max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "pad_token_id": 32000
        }
        """)
        .With(ModelHead.TokenClassification, Llama.Body(Blocks), Llama.TokenClassification);

    private readonly int? _window = SlidingWindows.Read(config);

    public override PreNormLayer Layer(int layer) => new()
    {
        Attention = ("self_attn", Attention(layer)),
        FeedForward = ("mlp", FeedForward()),
        AttentionNorm = ("input_layernorm", Norm(HiddenSize)),
        FeedForwardNorm = ("post_attention_layernorm", Norm(HiddenSize)),
        Dropout = Config.GetProbability("resid_pdrop", 0),
    };

    public override SelfAttention Attention(int layer) => new(Scores(layer), HeadSize)
    {
        Output = ("o_proj", new Linear(HeadCount * HeadSize, HiddenSize, bias: false)),
        QueryKeyValue = ("qkv_proj", new Linear(HiddenSize, (HeadCount + 2 * KeyValueHeadCount) * HeadSize, bias: false)),
        Rotary = Rotary(layer),
        BidirectionalWindow = IsCausal ? null : BidirectionalWindow(layer),
    };

    public override Sublayer FeedForward() =>
        new GatedFeedForward(HiddenSize, Config.GetSize("intermediate_size"), Activation.FromConfig(Config, "hidden_act", "silu"), fused: true, activationName: "activation_fn");

    public override int? SlidingWindow(int layer) => _window;

    private static Phi3 Blocks(PretrainedConfig config, AttentionImplementation implementation) => new(config, implementation);
}
