using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>An affine map of the last axis, <c>x·Wᵀ + b</c>; the weight is <c>[out, in]</c>.</summary>
internal sealed class Linear(long inputs, long outputs, bool bias = true) : AffineMap(outputs, inputs, bias ? outputs : 0)
{
    public Tensor Forward(Tensor input) => nn.functional.linear(input, Weight, Bias);
}
