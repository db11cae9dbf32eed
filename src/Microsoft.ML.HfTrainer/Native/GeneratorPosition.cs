using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>The state of the random number generators of the process: that of the CPU and, if the device is a GPU, that of the GPU. The library draws all random numbers from them.</summary>
internal sealed class GeneratorPosition
{
    private readonly Device _device;
    private readonly byte[] _cpu;
    private readonly byte[]? _gpu;

    private GeneratorPosition(Device device)
    {
        _device = device;
        using var cpu = get_rng_state();
        _cpu = cpu.bytes.ToArray();
        if (device.type != DeviceType.CUDA)
            return;
        using var gpu = CudaGenerator.GetState(device);
        _gpu = gpu.bytes.ToArray();
    }

    /// <summary>Returns the current state.</summary>
    public static GeneratorPosition Of(Device device) => new(device);

    /// <summary>Restores the state.</summary>
    public void Restore()
    {
        using var cpu = tensor(_cpu);
        set_rng_state(cpu);
        if (_gpu is null)
            return;
        using var gpu = tensor(_gpu);
        CudaGenerator.SetState(_device, gpu);
    }
}

/// <summary>The random number generator of a GPU, which TorchSharp can seed but does not expose.</summary>
internal static unsafe class CudaGenerator
{
    private static readonly delegate* unmanaged<int, nint> _ofDevice = (delegate* unmanaged<int, nint>)TorchLibrary.Function(
        "_ZN2at4cuda6detail23getDefaultCUDAGeneratorEa", "?getDefaultCUDAGenerator@detail@cuda@at@@YAAEBUGenerator@3@C@Z");

    private static readonly delegate* unmanaged<nint, nint> _getState = (delegate* unmanaged<nint, nint>)Bridge("THSGenerator_get_rng_state");
    private static readonly delegate* unmanaged<nint, nint, void> _setState = (delegate* unmanaged<nint, nint, void>)Bridge("THSGenerator_set_rng_state");

    public static Tensor GetState(Device device) => Tensor.UnsafeCreateTensor(_getState(_ofDevice(device.index)));

    public static void SetState(Device device, Tensor state) => _setState(_ofDevice(device.index), state.Handle);

    private static nint Bridge(string name) => TorchLibrary.Function(name, name);
}
