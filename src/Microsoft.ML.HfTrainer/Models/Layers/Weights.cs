using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Allocates parameters, whose values stay undefined until the model is loaded or initialized, so that creating a model draws no random numbers.</summary>
internal static class Weights
{
    // If less of the distribution lies within the bounds, too many draws would be rejected.
    private const double MostlyInside = 0.3;

    /// <summary>Fills a tensor from a normal distribution around 0 that is truncated at a multiple of its standard deviation.</summary>
    public static void DrawTruncatedNormal(Tensor target, double deviation, double cutoff)
    {
        using var scope = NewDisposeScope();
        var inside = tensor(cutoff / Math.Sqrt(2)).erf().item<double>();
        if (!(inside > MostlyInside))
        {
            target.uniform_(-inside, inside).erfinv_().mul_(deviation * Math.Sqrt(2)).clamp_(-cutoff * deviation, cutoff * deviation);
            return;
        }
        var edge = tensor(cutoff * deviation).to(target.dtype).to(target.device);
        target.normal_(0, deviation);
        while (RedrawOutside(edge, target, deviation))
        {
        }
    }

    // All are drawn again and those outside replaced, as in PyTorch since 2.13, with the same random numbers.
    private static bool RedrawOutside(Tensor edge, Tensor target, double deviation)
    {
        using var scope = NewDisposeScope();
        var outside = target.abs().gt(edge);
        if (!outside.any().item<bool>())
            return false;
        target.copy_(where(outside, empty_like(target).normal_(0, deviation), target));
        return true;
    }

    public static Parameter Allocate(nn.Module owner, string name, params long[] shape)
    {
        ModelAllocation.Charge(shape);
        var parameter = new Parameter(empty(shape, ModelAllocation.Type));
        parameter.DetachFromDisposeScope();
        owner.register_parameter(name, parameter);
        return parameter;
    }
}
