using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Memory for parameters. It is left as it is: loading or initialising the model fills it, so that making a model draws no random number.</summary>
internal static class Weights
{
    public static Parameter Allocate(nn.Module owner, string name, params long[] shape)
    {
        ModelAllocation.Charge(shape);
        var parameter = new Parameter(empty(shape, ModelAllocation.Type));
        parameter.DetachFromDisposeScope();
        owner.register_parameter(name, parameter);
        return parameter;
    }
}
