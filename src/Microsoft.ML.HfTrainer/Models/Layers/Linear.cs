namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A linear map of the last axis, <c>x·Wᵀ + b</c>: <c>[..., inputs]</c> to <c>[..., outputs]</c>. Checkpoints hold the weight as <c>[outputs, inputs]</c>.</summary>
/// <param name="inputs">The size of the last axis of the input.</param>
/// <param name="outputs">The size of the last axis of the output.</param>
/// <param name="bias">true to add a bias. Default: true.</param>
public sealed class Linear(long inputs, long outputs, bool bias = true) : AffineMap(inputs, outputs, bias, transposed: false);
