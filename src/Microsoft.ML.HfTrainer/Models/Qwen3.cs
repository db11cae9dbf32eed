using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Qwen 3 (Yang et al. 2025, arXiv:2505.09388): Qwen 2 with heads of a size of their own, whose queries and keys are normalised in place of biases.</summary>
internal static class Qwen3
{
    public static readonly Architecture Registration = Decoder.Make("qwen3", "Qwen3", (config, attention) => Qwen2.Windowed(config, DecoderShape.Of(config, attention, headSize: 128)) with
    {
        QueryBias = config.GetBool("attention_bias", false),
        OutputBias = config.GetBool("attention_bias", false),
        HeadNorms = true,
    }, answersUnder: "transformer");
}
