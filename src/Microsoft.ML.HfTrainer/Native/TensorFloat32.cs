using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>The 19-bit type that NVIDIA GPUs since Ampere can multiply float32 matrices in. A switch of the process.</summary>
internal static unsafe class TensorFloat32
{
    private const int MajorCapability = 75, FirstMajor = 8;

    /// <summary>Whether a device has it.</summary>
    public static bool IsAvailable(Device device) => device.type == DeviceType.CUDA && cuda.is_available() && Capability(Math.Max(device.index, 0)) >= FirstMajor;

    /// <summary>Switches it on or off, for matrix products and convolutions.</summary>
    public static void Set(bool on)
    {
        backends.cuda.matmul.allow_tf32 = on;
        backends.cudnn.allow_tf32 = on;
    }

    // The driver's own interface: libtorch shows a GPU's properties to C++ alone.
    private static int Capability(int index)
    {
        int device, major;
        return Init(0) == 0 && DeviceGet(&device, index) == 0 && DeviceGetAttribute(&major, MajorCapability, device) == 0 ? major : 0;
    }

    private const string Driver = "nvcuda";

    private static int Init(uint flags) => ((delegate* unmanaged<uint, int>)Function("cuInit"))(flags);

    private static int DeviceGet(int* device, int index) => ((delegate* unmanaged<int*, int, int>)Function("cuDeviceGet"))(device, index);

    private static int DeviceGetAttribute(int* value, int attribute, int device) => ((delegate* unmanaged<int*, int, int, int>)Function("cuDeviceGetAttribute"))(value, attribute, device);

    private static nint Function(string name) => System.Runtime.InteropServices.NativeLibrary.GetExport(
        System.Runtime.InteropServices.NativeLibrary.Load(OperatingSystem.IsWindows() ? $"{Driver}.dll" : "libcuda.so.1"), name);
}
