using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// Finds and loads the native libraries beneath TorchSharp, in a build output, a published folder or the package cache, and mends in memory what
/// keeps TorchSharp's Linux library from loading on systems with an older C++ runtime. Nothing on disk is changed.
/// </summary>
internal static class TorchLibrary
{
    // The newest C++ runtime initializes its streams by this call; older ones do it by themselves, so nothing is lost by calling another function.
    private const string NewerRuntime = "GLIBCXX_3.4.32", NewerSymbol = "_ZSt21ios_base_library_initv", HarmlessSymbol = "getppid";
    private const string Bridge = "LibTorchSharp";

    private static readonly Assembly _torchSharp = typeof(torch).Assembly;
    private static readonly Lazy<LoadedTorch> _library = new(Load);
    private static bool _answersCalls;
    private static volatile bool _loaded;

    /// <summary>Runs before anything else of this assembly, so that TorchSharp finds its library whoever uses it first.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp loads its library in a static constructor; only a module initializer is early enough.")]
    internal static void Register()
    {
        IdleThreads.Sleep();
        var context = AssemblyLoadContext.GetLoadContext(_torchSharp)!;
        context.ResolvingUnmanagedDll += (_, name) => ResolveMissing(name);
        try
        {
            NativeLibrary.SetDllImportResolver(_torchSharp, (name, _, _) => ResolveCall(name));
            _answersCalls = true;
        }
        catch (InvalidOperationException)
        {
            // The application has a resolver of its own for TorchSharp; the event above still serves where that one finds nothing.
        }
        // A plug-in's context loads the files that it finds, without raising the event; it gets the mended library for the file if that is loaded already.
        if (context != AssemblyLoadContext.Default && OperatingSystem.IsLinux() && !HasNewerRuntime())
            _ = _library.Value;
    }

    /// <summary>Makes sure that TorchSharp can be used.</summary>
    /// <exception cref="DllNotFoundException">A native library is missing or does not load; the message says which, and what to add.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded)
            return;
        CompiledVersions.CheckTorchSharp();
        if (OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Bridge, _torchSharp, null, out _) || _library.IsValueCreated)
            _library.Value.OrThrow();
        torch.InitializeDeviceType(DeviceType.CPU);
        _loaded = true;
    }

    /// <summary>The address of a function of libtorch that TorchSharp does not expose, by the name that the C++ compiler gave it.</summary>
    /// <param name="name">The name on Linux and macOS.</param>
    /// <param name="windowsName">The name on Windows.</param>
    /// <exception cref="EntryPointNotFoundException">This libtorch has no such function.</exception>
    public static nint Function(string name, string windowsName) =>
        Find(name, windowsName) is not 0 and var address ? address : throw new EntryPointNotFoundException($"libtorch {LibtorchVersion} has no function {(OperatingSystem.IsWindows() ? windowsName : name)}.");

    /// <summary>The address of a function of libtorch or of a library that it needs; 0 if there is none.</summary>
    /// <param name="name">The name on Linux and macOS.</param>
    /// <param name="windowsName">The name on Windows.</param>
    public static nint Find(string name, string windowsName)
    {
        EnsureLoaded();
        // Elsewhere than on Windows a library answers for those that it needs, too.
        if (!OperatingSystem.IsWindows())
            return NativeLibrary.TryGetExport(_library.Value.OrThrow().Handle, name, out var function) ? function : 0;
        foreach (var part in new[] { Bridge, "torch_cpu", "torch_cuda", "libiomp5md" })
            if (NativeLibrary.TryLoad(part, _torchSharp, null, out var library) && NativeLibrary.TryGetExport(library, windowsName, out var address))
                return address;
        return 0;
    }

    /// <summary>What was loaded. Where the system found the libraries without help: what lies where this class would look.</summary>
    public static LoadedTorch Loaded
    {
        get
        {
            if (_library.IsValueCreated)
                return _library.Value;
            Find(out var torchFile, out var bridge);
            return new(0, torchFile, bridge, false, null);
        }
    }

    /// <summary>The version of TorchSharp that runs.</summary>
    public static string TorchSharpVersion => VersionOf(_torchSharp);

    /// <summary>The version of an assembly's package, as far as the assembly tells it.</summary>
    public static string VersionOf(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version!.ToString()).Split('+')[0];

    /// <summary>The version of libtorch that TorchSharp was compiled against, in the form that its packages have: 2.10.0.</summary>
    // A constant is read without running the static constructor, which loads the library.
    public static string LibtorchVersion =>
        typeof(torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() is string version
        && Version.TryParse(version, out var parsed) ? parsed.Revision > 0 ? version : parsed.ToString(3) : "";

    // On Linux every call goes to what is loaded here. Elsewhere the system loads well by itself, unless the event below was raised.
    private static nint ResolveCall(string name) =>
        name == Bridge && (OperatingSystem.IsLinux() || _library.IsValueCreated) ? _library.Value.OrThrow().Handle : 0;

    // TorchSharp loads its libraries by name before it calls any, and where that fails it copies libtorch out of the package cache, whether the application
    // references it or not. So it gets a handle, which it does not look at, in any case; what is missing is said by the first call.
    private static nint ResolveMissing(string name) =>
        name is not (Bridge or "torch_cpu" or "torch_cuda") ? 0
        : _library.Value.Failure is null ? _library.Value.Handle
        : _answersCalls ? NativeLibrary.GetMainProgramHandle()
        : 0;

    private static bool HasNewerRuntime() => NativeLibrary.TryLoad("libstdc++.so.6", out var cpp) && NativeLibrary.TryGetExport(cpp, NewerSymbol, out _);

    private static LoadedTorch Load()
    {
        string? torchFile = null, bridge = null;
        try
        {
            var folders = Find(out torchFile, out bridge);
            if (torchFile is null || bridge is null)
                throw new DllNotFoundException(Missing(torchFile, folders));
            LoadLibtorch(torchFile, folders);
            var (handle, isMended) = LoadBridge(bridge);
            return new(handle, torchFile, bridge, isMended, null);
        }
        catch (DllNotFoundException failure)
        {
            return new(0, torchFile, bridge, false, failure);
        }
        catch (Exception failure)
        {
            // Whatever it is (a damaged file, a folder that may not be read), TorchSharp must not get to hear of it: see ResolveMissing.
            return new(0, torchFile, bridge, false, new DllNotFoundException(DoesNotLoad(bridge ?? torchFile ?? Bridge, failure.Message), failure));
        }
    }

    private static void LoadLibtorch(string torchFile, List<string> folders)
    {
        var isSpread = OperatingSystem.IsLinux() && !File.Exists(Path.Combine(Path.GetDirectoryName(torchFile)!, "libtorch_cpu.so"));
        var file = isSpread ? Path.Combine(LinkedFolder.Join(folders.Where(TorchFolders.IsPackageOfLibtorch)), Path.GetFileName(torchFile)) : torchFile;
        try
        {
            // The system's loader takes a library that is already in the process for a dependency of that name, wherever it came from.
            NativeLibrary.Load(file);
        }
        catch (DllNotFoundException failure)
        {
            throw new DllNotFoundException(DoesNotLoad(torchFile, failure.Message), failure);
        }
    }

    private static (nint Handle, bool IsMended) LoadBridge(string bridge)
    {
        var image = OperatingSystem.IsLinux() ? File.ReadAllBytes(bridge) : null;
        var elf = image is null ? null : new ElfImage(image);
        try
        {
            return (NativeLibrary.Load(bridge), false);
        }
        catch (DllNotFoundException failure)
        {
            return elf is not null && elf.ReplaceVersionedSymbol(NewerRuntime, NewerSymbol, HarmlessSymbol)
                ? (MemoryFile.LoadLibrary(bridge, image!), true)
                : throw new DllNotFoundException(DoesNotLoad(bridge, failure.Message), failure);
        }
    }

    private static List<string> Find(out string? torchFile, out string? bridge)
    {
        var platform = TorchPlatform.Current;
        var location = Path.GetDirectoryName(_torchSharp.Location);
        var folders = new TorchFolders(platform, LibtorchVersion).Find(string.IsNullOrEmpty(location) ? null : location);
        string? In(string file) => folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        (torchFile, bridge) = (In(platform.Torch), In(platform.Bridge));
        return folders;
    }

    private static string Missing(string? torchFile, List<string> folders)
    {
        var (platform, lookedIn) = (TorchPlatform.Current, $"Looked in: {string.Join(", ", folders)}.");
        if (!platform.IsSupported)
            return $"TorchSharp {TorchSharpVersion} has no native library for {platform.RuntimeIdentifier}: "
                + "it runs on linux-x64, win-x64, win-arm64 and osx-arm64.";
        return torchFile is null
            ? $"The native library libtorch was not found. Add the package TorchSharp-cpu {TorchSharpVersion} to the application "
              + $"(on a machine with an NVIDIA GPU: TorchSharp-cuda-linux or TorchSharp-cuda-windows). {lookedIn}"
            : $"{platform.Bridge}, a part of the package TorchSharp {TorchSharpVersion}, was not found. {lookedIn}";
    }

    private static string DoesNotLoad(string file, string reason) =>
        $"The native library {file} was found but does not load on this system ({RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}). "
        + $"The loader says: {reason.Trim().TrimEnd('.')}."
        + (OperatingSystem.IsLinux() ? " The C library of Debian 12, Ubuntu 22.04 or newer is needed." : OperatingSystem.IsWindows() ? MissingOnWindows(file) : "");

    // The error is about the library; what is found out beyond it must not replace it.
    private static string MissingOnWindows(string file)
    {
        try
        {
            return WindowsDependencies.OfProcess().Explain(file);
        }
        catch (Exception failure) when (failure is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return $" {failure.Message}";
        }
    }
}
