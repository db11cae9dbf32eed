namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A linear map of the last axis with a bias, <c>[..., inputs]</c> to <c>[..., outputs]</c>, whose weight is stored transposed in checkpoints, <c>[inputs, outputs]</c>, as in GPT-2.</summary>
/// <param name="inputs">The size of the last axis of the input.</param>
/// <param name="outputs">The size of the last axis of the output.</param>
public sealed class Conv1D(long inputs, long outputs) : AffineMap(inputs, outputs, bias: true, transposed: true);
