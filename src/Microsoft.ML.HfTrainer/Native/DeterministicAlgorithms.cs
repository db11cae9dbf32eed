namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// libtorch's deterministic algorithms: an operator that has none throws. A switch of the process, on until disposed.
/// </summary>
internal sealed unsafe class DeterministicAlgorithms : IDisposable
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

    private static readonly Lock _lock = new();
    private static int _uses;
    private static bool _wereOn;

    private bool _ended;

    private DeterministicAlgorithms()
    {
        lock (_lock)
            if (_uses++ == 0)
                SwitchOn();
    }

    /// <summary>Whether they are on.</summary>
    public static bool IsOn => _isOn(_context) != 0;

    /// <summary>Switches them on.</summary>
    public static DeterministicAlgorithms Use() => new();

    /// <summary>Switches them off again with the last use, if they were off before the first.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            _ended = true;
            if (--_uses > 0 || _wereOn)
                return;
            _set(_context, 0, 0);
            _setCuDnn(_context, 0);
        }
    }

    private static void SwitchOn()
    {
        _wereOn = IsOn;
        foreach (var (name, value) in _environment)
            NativeEnvironment.SetDefault(name, value);
        _set(_context, 1, 0);
        _setCuDnn(_context, 1);
        _setCuDnnBenchmark(_context, 0);
    }
}
