using Microsoft.ML.HfTrainer.Native.Kernels;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Normalization of <c>[..., size]</c> by the root mean square of the last axis, with a scale and no bias (Zhang and Sennrich 2019, arXiv:1910.07467).</summary>
public sealed class RmsNorm : Norm
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly double _epsilon;
    private readonly bool _unitOffset;

    /// <summary>Creates a norm.</summary>
    /// <param name="size">The length of the last axis.</param>
    /// <param name="epsilon">The number added to the mean square.</param>
    /// <param name="unitOffset">
    /// true if weights are stored as offset from one, as in Gemma: the scale is <c>1 + weight</c>, and it is applied in float32 before the result is cast to the input's type.
    /// </param>
    public RmsNorm(long size, double epsilon, bool unitOffset = false)
    {
        (_epsilon, _unitOffset) = (epsilon, unitOffset);
        _weight = Weights.Allocate(this, "weight", size);
    }

    /// <inheritdoc/>
    public override void Initialize(string name, Tensor parameter, double deviation) => parameter.fill_(_unitOffset ? 0 : 1);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        if (KernelTensors.Accept(input) && _weight.dtype == ScalarType.Float32)
            return RootMeanSquareNorm.Forward(input, _weight, _epsilon, offset: _unitOffset ? 1 : 0);
        using var scope = NewDisposeScope();
        var wide = input.to(ScalarType.Float32);
        var normal = wide * (wide.pow(2).mean([-1], keepdim: true) + _epsilon).rsqrt();
        var scaled = _unitOffset ? (normal * (1 + _weight.to(ScalarType.Float32))).to(input.dtype) : _weight * normal.to(input.dtype);
        return scaled.MoveToOuterDisposeScope();
    }
}
