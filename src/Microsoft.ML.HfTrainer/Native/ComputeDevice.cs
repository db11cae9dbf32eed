using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Where tensors live and are computed.</summary>
internal static class ComputeDevice
{
    /// <summary>The device of a model's weights.</summary>
    public static Device Of(nn.Module model) => model.parameters().FirstOrDefault()?.device ?? CPU;

    /// <summary>The GPU of an index, or the CPU where none is asked for.</summary>
    /// <param name="gpuDeviceId">The index of the GPU; null for the CPU.</param>
    /// <param name="fallbackToCpu">true to use the CPU if there is no such GPU.</param>
    /// <param name="warn">Receives a warning if the CPU stands in for the GPU.</param>
    /// <exception cref="InvalidOperationException">There is no such GPU, and the CPU may not stand in for it.</exception>
    public static Device Select(int? gpuDeviceId, bool fallbackToCpu, Action<string> warn)
    {
        TorchLibrary.EnsureLoaded();
        if (gpuDeviceId is not { } index)
            return CPU;
        var count = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= 0 && index < count)
            return device(DeviceType.CUDA, index);
        var missing = $"MLContext.GpuDeviceId is {index}, but {(count == 0 ? "no GPU can be used" : $"there are {count} GPUs, numbered from 0")}";
        if (fallbackToCpu)
        {
            warn($"{missing}. The CPU computes instead, since MLContext.FallbackToCpu is true.");
            return CPU;
        }
        throw new InvalidOperationException(
            $"{missing}. Add TorchSharp-cuda-linux or TorchSharp-cuda-windows {TorchLibrary.TorchSharpVersion} and a driver for CUDA 12.8, or set MLContext.FallbackToCpu.");
    }
}
