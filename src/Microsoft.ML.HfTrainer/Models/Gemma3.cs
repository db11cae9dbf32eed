using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// The text model of Gemma 3 (Gemma Team 2025, arXiv:2503.19786): Gemma 2 with normalised queries and keys in place of caps, and a window in five layers of six,
/// whose turns have a base of their own.
/// </summary>
internal static class Gemma3
{
    public static readonly Architecture Registration = Decoder.Make("gemma3_text", "Gemma3Text", Shape, tied: true, causalClass: "Gemma3ForCausalLM", classifiesTokens: false);

    private static DecoderShape Shape(PretrainedConfig config, AttentionImplementation attention)
    {
        var pattern = config.GetInt("sliding_window_pattern", config.GetInt("_sliding_window_pattern", 6));
        if (pattern < 1)
            throw config.Error("sliding_window_pattern", $"is {pattern}", "a number above 0");
        var shape = Gemma2.Shape(config, attention).WithWindows(config.GetIntOrNull("sliding_window", 4096), layer => (layer + 1) % pattern != 0);
        var turns = config.Section("rope_parameters");
        return shape with
        {
            HeadNorms = true,
            // As in EmbeddingGemma (Schechter Vera et al. 2025, arXiv:2509.20354), whose window is counted over both sides.
            Causal = shape.Causal && !config.GetBool("use_bidirectional_attention", false),
            Reach = config.GetBool("use_bidirectional_attention", false) ? window => window / 2 : shape.Reach,
            Rotaries =
            (
                Rotary.Of(config, config.Section("rope_scaling") ?? turns?.Section("full_attention"), shape.HeadSize, config.GetDouble("rope_theta", 1_000_000)),
                Rotary.Of(config, turns?.Section("sliding_attention"), shape.HeadSize, config.GetDouble("rope_local_base_freq", 10_000))
            ),
        };
    }
}
