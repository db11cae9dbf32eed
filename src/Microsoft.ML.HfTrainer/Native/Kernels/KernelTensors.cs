using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native.Kernels;

/// <summary>Tensors as the kernels of this folder see them.</summary>
internal static unsafe class KernelTensors
{
    private static readonly delegate* unmanaged<nint, float*> _data = (delegate* unmanaged<nint, float*>)TorchLibrary.Function("THSTensor_data", "THSTensor_data");

    [ThreadStatic]
    private static bool _leftToLibtorch;

    /// <summary>true where the kernels are faster than libtorch's operators: on processors with wide vectors.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated && Fma.IsSupported;

    /// <summary>Returns true if the kernels compute on a tensor: on float32 on the CPU, where neither gradients nor smaller types are asked for.</summary>
    public static bool Accept(Tensor tensor) =>
        IsSupported && !_leftToLibtorch && !is_grad_enabled() && tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU && !Autocast.Current(DeviceType.CPU).IsEnabled;

    /// <summary>Leaves all computations of this thread to libtorch until the result is disposed, so that what is computed again with gradients has the same bits.</summary>
    public static Pause LeaveToLibtorch() => new(left: true);

    /// <summary>Returns the address of a tensor's first number. It stays valid as long as the tensor does.</summary>
    public static float* Pointer(Tensor tensor) => _data(tensor.Handle);

    internal readonly struct Pause : IDisposable
    {
        private readonly bool _before;

        public Pause(bool left) => (_before, _leftToLibtorch) = (_leftToLibtorch, left);

        public void Dispose() => _leftToLibtorch = _before;
    }
}
