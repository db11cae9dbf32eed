using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Mistral (Jiang et al. 2023, arXiv:2310.06825): Llama with shared heads of keys and a window in every layer.</summary>
internal static class Mistral
{
    public static readonly Architecture Registration = Decoder.Make("mistral", "Mistral", (config, attention) =>
        DecoderShape.Of(config, attention, keyHeads: 8).WithWindow(config.GetIntOrNull("sliding_window", 4096)),
        answersUnder: "model");
}
