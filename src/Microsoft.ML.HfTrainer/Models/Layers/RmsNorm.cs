using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Normalisation by the root mean square of the last axis, with scale and no shift (Zhang and Sennrich 2019, arXiv:1910.07467).</summary>
internal sealed class RmsNorm : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly double _epsilon;

    /// <param name="size">The length of the last axis.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="aroundOne">Whether the weight is what the scale is above 1, as in Gemma; it is then multiplied before numbers are rounded to a smaller type.</param>
    public RmsNorm(long size, double epsilon, bool aroundOne = false)
    {
        (_epsilon, AroundOne) = (epsilon, aroundOne);
        _weight = Weights.Allocate(this, "weight", size);
    }

    public bool AroundOne { get; }

    public override void Initialize(string name, Tensor parameter, double deviation) => parameter.fill_(AroundOne ? 0 : 1);

    public Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var wide = input.to(ScalarType.Float32);
        var normal = wide * (wide.pow(2).mean([-1], keepdim: true) + _epsilon).rsqrt();
        var scaled = AroundOne ? (normal * (1 + _weight.to(ScalarType.Float32))).to(input.dtype) : _weight * normal.to(input.dtype);
        return scaled.MoveToOuterDisposeScope();
    }
}
