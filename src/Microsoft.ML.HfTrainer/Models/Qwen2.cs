using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Qwen 2 and 2.5 (Yang et al. 2024, arXiv:2407.10671): Llama with biases of queries, keys and values, and on request windows in the upper layers.</summary>
internal static class Qwen2
{
    public static readonly Architecture Registration = Decoder.Make("qwen2", "Qwen2", (config, attention) => Windowed(config, DecoderShape.Of(config, attention)) with { QueryBias = true },
        answersUnder: "transformer");

    /// <summary>The windows of Qwen's configurations.</summary>
    public static DecoderShape Windowed(PretrainedConfig config, DecoderShape shape)
    {
        var window = config.GetBool("use_sliding_window", false) ? config.GetIntOrNull("sliding_window", 4096) : null;
        return shape.WithWindows(window, layer => window is not null && layer >= config.GetInt("max_window_layers", 28));
    }
}
