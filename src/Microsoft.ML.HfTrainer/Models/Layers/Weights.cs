using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Memory for parameters. It is left as it is: loading or initialising the model fills it, so that making a model draws no random number.</summary>
internal static class Weights
{
    /// <summary>Fills a tensor from the normal distribution around 0 whose ends beyond some multiple of its standard deviation are cut off.</summary>
    public static void DrawCutNormal(Tensor target, double deviation, double cutoff)
    {
        using var scope = NewDisposeScope();
        var edge = tensor(cutoff / Math.Sqrt(2)).erf().item<double>();
        target.uniform_(-edge, edge).erfinv_().mul_(deviation * Math.Sqrt(2)).clamp_(-cutoff * deviation, cutoff * deviation);
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
