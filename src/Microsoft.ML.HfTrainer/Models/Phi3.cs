using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Phi-3 (Abdin et al. 2024, arXiv:2404.14219): Llama with fused maps and dropout beside the residual path.</summary>
internal static class Phi3
{
    public static readonly Architecture Registration = Decoder.Make("phi3", "Phi3", (config, attention) =>
        DecoderShape.Of(config, attention).WithWindow(config.GetIntOrNull("sliding_window", null)) with
        {
            Fused = true,
            Epsilon = 1e-5,
            ResidualDropout = config.GetProbability("resid_pdrop", 0),
        });
}
