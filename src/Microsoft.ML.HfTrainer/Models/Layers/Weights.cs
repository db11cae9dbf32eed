using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Memory for parameters. It is left as it is: loading or initialising the model fills it, so that making a model draws no random number.</summary>
internal static class Weights
{
    // Where less lies within the edges, too many draws would be in vain.
    private const double MostlyInside = 0.3;

    /// <summary>Fills a tensor from the normal distribution around 0 whose ends beyond some multiple of its standard deviation are cut off.</summary>
    public static void DrawCutNormal(Tensor target, double deviation, double cutoff)
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
        while (DrawAgainBeyond(edge, target, deviation))
        {
        }
    }

    // All are drawn again and those beyond replaced, as in PyTorch from 2.13 on: the random numbers that it uses are the same.
    private static bool DrawAgainBeyond(Tensor edge, Tensor target, double deviation)
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
