using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// libtorch's deterministic algorithms: an operator that has none throws. A switch of the process, on until disposed.
/// </summary>
internal sealed unsafe partial class DeterministicAlgorithms : IDisposable
{
    // What cuBLAS and CUDA read when they are first used.
    private static readonly (string Name, string Value)[] _environment = [("CUBLAS_WORKSPACE_CONFIG", ":16:8"), ("CUDA_LAUNCH_BLOCKING", "1")];

    private static readonly nint _context = ((delegate* unmanaged<nint>)TorchLibrary.Function("_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ"))();

    private static readonly delegate* unmanaged<nint, byte> _isOn = (delegate* unmanaged<nint, byte>)TorchLibrary.Function(
        "_ZNK2at7Context23deterministicAlgorithmsEv", "?deterministicAlgorithms@Context@at@@QEBA_NXZ");

    private static readonly delegate* unmanaged<nint, byte, byte, void> _set = (delegate* unmanaged<nint, byte, byte, void>)TorchLibrary.Function(
        "_ZN2at7Context26setDeterministicAlgorithmsEbb", "?setDeterministicAlgorithms@Context@at@@QEAAX_N0@Z");

    private static readonly delegate* unmanaged<nint, byte, void> _setCuDnn = (delegate* unmanaged<nint, byte, void>)TorchLibrary.Function(
        "_ZN2at7Context21setDeterministicCuDNNEb", "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z");

    private static readonly delegate* unmanaged<nint, byte, void> _setCuDnnBenchmark = (delegate* unmanaged<nint, byte, void>)TorchLibrary.Function(
        "_ZN2at7Context17setBenchmarkCuDNNEb", "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z");

    private readonly bool _wasOn = IsOn;

    private DeterministicAlgorithms()
    {
        foreach (var (name, value) in _environment)
            SetEnvironment(name, value);
        _set(_context, 1, 0);
        _setCuDnn(_context, 1);
        _setCuDnnBenchmark(_context, 0);
    }

    /// <summary>Whether they are on.</summary>
    public static bool IsOn => _isOn(_context) != 0;

    /// <summary>Switches them on.</summary>
    public static DeterministicAlgorithms Use() => new();

    /// <summary>Switches them off again, if they were.</summary>
    public void Dispose()
    {
        if (!_wasOn)
        {
            _set(_context, 0, 0);
            _setCuDnn(_context, 0);
        }
    }

    // .NET keeps an environment of its own on Unix, which native code does not see; on Windows the C runtime has a copy.
    private static void SetEnvironment(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value);
        _ = OperatingSystem.IsWindows() ? PutEnv(name, value) : SetEnv(name, value, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnv(string name, string value);
}
