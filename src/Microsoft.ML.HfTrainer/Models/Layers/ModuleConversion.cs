using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Moves modules to another device or type in place.</summary>
internal static class ModuleConversion
{
    /// <summary>
    /// Gives every parameter and buffer other values, and their gradients too, while each tensor stays the same object. TorchSharp's own conversion makes new tensors: tied
    /// weights would become two, and an optimizer would be left with the old ones.
    /// </summary>
    public static T ConvertInPlace<T>(this T module, Func<Tensor, Tensor> convert) where T : nn.Module
    {
        using var noGrad = no_grad();
        foreach (var tensor in module.parameters().Cast<Tensor>().Concat(module.buffers()))
        {
            using var scope = NewDisposeScope();
            var gradient = tensor.grad;
            SetData(tensor, convert);
            if (gradient is not null)
                SetData(gradient, convert);
        }
        return module;
    }

    private static void SetData(Tensor tensor, Func<Tensor, Tensor> convert)
    {
        var converted = convert(tensor.detach());
        if (converted.dtype != tensor.dtype || converted.device_type != tensor.device_type || converted.device_index != tensor.device_index)
            TorchScript.SetData(tensor, converted);
    }
}
