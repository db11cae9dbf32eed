using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Qwen 3 (Yang et al. 2025, arXiv:2505.09388): Qwen 2 with a head size of its own, and query/key normalization in place of biases.</summary>
internal sealed class Qwen3(PretrainedConfig config, AttentionImplementation implementation) : Qwen2(config, implementation)
{
    public static new readonly Architecture Registration = Llama.Describe("qwen3", "Qwen3", Blocks, $$"""{ "head_dim": 128, {{Sizes}} }""")
        .With(ModelHead.TokenClassification, Llama.Body(Blocks), Llama.TokenClassification)
        .With(ModelHead.QuestionAnswering, Llama.Body(Blocks), QuestionAnsweringHead.Linear, prefix: "transformer");

    public override bool QueryKeyValueBias => AttentionBias;

    public override SelfAttention Attention(int layer) => base.Attention(layer).WithQueryKeyNorms(("q_norm", Norm(HeadSize)), ("k_norm", Norm(HeadSize)));

    private static Qwen3 Blocks(PretrainedConfig config, AttentionImplementation implementation) => new(config, implementation) { AttentionBias = config.GetBool("attention_bias", false) };
}
