using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>An affine map of the last axis, <c>x·W + b</c>; the weight is <c>[in, out]</c>, as GPT-2's files have it.</summary>
internal sealed class Conv1D(long inputs, long outputs) : AffineMap(inputs, outputs, outputs)
{
    public Tensor Forward(Tensor input)
    {
        using var transposed = Weight.t();
        return nn.functional.linear(input, transposed, Bias);
    }
}
