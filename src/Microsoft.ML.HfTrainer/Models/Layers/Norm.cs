using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A normalization over the last axis, <c>[..., size]</c> to the same shape, such as <see cref="LayerNorm"/> or <see cref="RmsNorm"/>.</summary>
public abstract class Norm : Layer
{
    /// <summary>Returns the normalized tensor, <c>[..., size]</c>.</summary>
    /// <param name="input">A tensor <c>[..., size]</c>.</param>
    public abstract Tensor Forward(Tensor input);
}
