using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// libtorch's automatic casting on the current thread: operators that gain from a smaller type cast their float32 inputs to it, those that need the
/// precision cast to float32, after libtorch's own lists. In force until disposed; uses may be nested.
/// </summary>
internal sealed unsafe class Autocast : IDisposable
{
    private static readonly delegate* unmanaged<int, byte> _isEnabled = (delegate* unmanaged<int, byte>)Function(
        "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE", "?is_autocast_enabled@autocast@at@@YA_NW4DeviceType@c10@@@Z");

    private static readonly delegate* unmanaged<int, byte, void> _setEnabled = (delegate* unmanaged<int, byte, void>)Function(
        "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb", "?set_autocast_enabled@autocast@at@@YAXW4DeviceType@c10@@_N@Z");

    private static readonly delegate* unmanaged<int, sbyte> _getType = (delegate* unmanaged<int, sbyte>)Function(
        "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE", "?get_autocast_dtype@autocast@at@@YA?AW4ScalarType@c10@@W4DeviceType@4@@Z");

    private static readonly delegate* unmanaged<int, int, void> _setType = (delegate* unmanaged<int, int, void>)Function(
        "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE", "?set_autocast_dtype@autocast@at@@YAXW4DeviceType@c10@@W4ScalarType@4@@Z");

    private static readonly delegate* unmanaged<byte> _isCacheEnabled = (delegate* unmanaged<byte>)Function(
        "_ZN2at8autocast25is_autocast_cache_enabledEv", "?is_autocast_cache_enabled@autocast@at@@YA_NXZ");

    private static readonly delegate* unmanaged<byte, void> _setCacheEnabled = (delegate* unmanaged<byte, void>)Function(
        "_ZN2at8autocast26set_autocast_cache_enabledEb", "?set_autocast_cache_enabled@autocast@at@@YAX_N@Z");

    private static readonly delegate* unmanaged<int> _enter = (delegate* unmanaged<int>)Function(
        "_ZN2at8autocast17increment_nestingEv", "?increment_nesting@autocast@at@@YAHXZ");

    private static readonly delegate* unmanaged<int> _leave = (delegate* unmanaged<int>)Function(
        "_ZN2at8autocast17decrement_nestingEv", "?decrement_nesting@autocast@at@@YAHXZ");

    private static readonly delegate* unmanaged<void> _clearCache = (delegate* unmanaged<void>)Function(
        "_ZN2at8autocast11clear_cacheEv", "?clear_cache@autocast@at@@YAXXZ");

    private readonly DeviceType _device;
    private readonly AutocastState _before;
    private bool _disposed;

    private Autocast(DeviceType device, AutocastState state)
    {
        (_device, _before) = (device, Current(device));
        Set(device, state);
        _ = _enter();
    }

    /// <summary>Puts a state in force on a kind of device.</summary>
    public static Autocast Use(DeviceType device, AutocastState state) => new(device, state);

    /// <summary>The state in force on a kind of device.</summary>
    public static AutocastState Current(DeviceType device) => new(_isEnabled((int)device) != 0, (ScalarType)_getType((int)device), _isCacheEnabled() != 0);

    /// <summary>Goes back to the state before; the outermost use forgets the weights that were cast.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_leave() == 0)
            _clearCache();
        Set(_device, _before);
    }

    private static void Set(DeviceType device, AutocastState state)
    {
        _setEnabled((int)device, (byte)(state.IsEnabled ? 1 : 0));
        _setType((int)device, (int)state.Type);
        _setCacheEnabled((byte)(state.KeepsCasts ? 1 : 0));
    }

    private static nint Function(string name, string windowsName) => TorchLibrary.Function(name, windowsName);
}

/// <summary>A state of automatic casting.</summary>
/// <param name="IsEnabled">Whether it is on.</param>
/// <param name="Type">The smaller type.</param>
/// <param name="KeepsCasts">Whether a weight is cast once for all its uses.</param>
internal readonly record struct AutocastState(bool IsEnabled, ScalarType Type, bool KeepsCasts = true);
