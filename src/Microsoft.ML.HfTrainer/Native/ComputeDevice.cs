using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Where tensors live and are computed.</summary>
internal static class ComputeDevice
{
    /// <summary>The device of a model's weights.</summary>
    public static Device Of(nn.Module model) => model.parameters().FirstOrDefault()?.device ?? CPU;

    /// <summary>The GPU of an index, or the CPU where none is asked for.</summary>
    /// <exception cref="InvalidOperationException">There is no such GPU, and the CPU may not stand in for it.</exception>
    public static Device Select(int? gpuDeviceId, bool fallbackToCpu)
    {
        TorchLibrary.EnsureLoaded();
        if (gpuDeviceId is not { } index)
            return CPU;
        var count = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= 0 && index < count)
            return device(DeviceType.CUDA, index);
        return fallbackToCpu ? CPU : throw new InvalidOperationException(
            $"MLContext.GpuDeviceId is {index}, but {(count == 0 ? "no GPU can be used" : $"there are {count} GPUs, numbered from 0")}. Add TorchSharp-cuda-linux or TorchSharp-cuda-windows {TorchLibrary.TorchSharpVersion} and a driver for CUDA 12.8, or set MLContext.FallbackToCpu.");
    }
}
