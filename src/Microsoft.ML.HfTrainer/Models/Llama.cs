using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Llama 1 to 3 (Touvron et al. 2023, arXiv:2302.13971; Llama Team 2024, arXiv:2407.21783): the decoder whose shape the others here change.</summary>
internal static class Llama
{
    public static readonly Architecture Registration = Decoder.Make("llama", "Llama", (config, attention) => DecoderShape.Of(config, attention) with
    {
        QueryBias = config.GetBool("attention_bias", false),
        OutputBias = config.GetBool("attention_bias", false),
        FeedForwardBias = config.GetBool("mlp_bias", false),
    }, answersUnder: "transformer");
}
