using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// Gemma 2 (Gemma Team 2024, arXiv:2408.00118): scaled embeddings, norms around one before and after each block, windows in every second layer, and scores and
/// logits that are bent towards a cap.
/// </summary>
internal static class Gemma2
{
    public static readonly Architecture Registration = Decoder.Make("gemma2", "Gemma2", (config, attention) =>
        Shape(config, attention).WithWindows(config.GetIntOrNull("sliding_window", 4096), layer => layer % 2 == 0) with
        {
            ScoreCap = config.GetDoubleOrNull("attn_logit_softcapping", 50),
        }, tied: true, logitCap: 30);

    /// <summary>What all Gemmas have.</summary>
    public static DecoderShape Shape(PretrainedConfig config, AttentionImplementation attention)
    {
        var scalar = config.GetDouble("query_pre_attn_scalar", 256);
        if (!(scalar > 0))
            throw config.Error("query_pre_attn_scalar", $"is {scalar}", "a number above 0");
        var shape = DecoderShape.Of(config, attention, keyHeads: 4, headSize: 256);
        return shape with
        {
            QueryBias = config.GetBool("attention_bias", false),
            OutputBias = config.GetBool("attention_bias", false),
            OuterNorms = true,
            NormsAroundOne = true,
            ActivationField = "hidden_activation",
            Activation = "gelu_pytorch_tanh",
            EmbeddingScale = (float)Math.Sqrt(shape.Size),
            ScoreScale = 1 / Math.Sqrt(scalar),
        };
    }
}
