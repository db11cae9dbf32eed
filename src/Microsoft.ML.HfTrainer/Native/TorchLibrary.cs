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
    // The newest C++ runtime initialises its streams by this call; older ones do it by themselves, so nothing is lost by calling another function.
    private const string NewerRuntime = "GLIBCXX_3.4.32", NewerSymbol = "_ZSt21ios_base_library_initv", HarmlessSymbol = "getppid";

    private static readonly Assembly _torchSharp = typeof(torch).Assembly;
    private static readonly Lazy<nint> _library = new(LoadOnLinux);
    private static bool _loaded;

    /// <summary>Runs before anything else of this assembly, so that TorchSharp finds its library whoever uses it first.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp loads its library in a static constructor; only a module initializer is early enough.")]
    internal static void Register()
    {
        if (!OperatingSystem.IsLinux())
            return;
        AssemblyLoadContext.GetLoadContext(_torchSharp)!.ResolvingUnmanagedDll += (_, name) => Resolve(name);
        try
        {
            NativeLibrary.SetDllImportResolver(_torchSharp, (name, _, _) => Resolve(name));
        }
        catch (InvalidOperationException)
        {
            // The application has a resolver of its own for TorchSharp; the event above still serves where that one finds nothing.
        }
    }

    /// <summary>Makes sure that TorchSharp can be used.</summary>
    /// <exception cref="DllNotFoundException">A native library is missing or does not load; the message says which, and what to add.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded)
            return;
        if (OperatingSystem.IsLinux())
            _ = _library.Value;
        else if (!NativeLibrary.TryLoad("LibTorchSharp", _torchSharp, null, out _))
            throw new DllNotFoundException(WhatToAdd($"The native library of TorchSharp {TorchSharpVersion} was not found or does not load"));
        torch.InitializeDeviceType(DeviceType.CPU);
        _loaded = true;
    }

    /// <summary>The version of TorchSharp that runs.</summary>
    public static string TorchSharpVersion =>
        (_torchSharp.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? _torchSharp.GetName().Version!.ToString()).Split('+')[0];

    private static nint Resolve(string name) => name is "LibTorchSharp" or "torch_cpu" && TryLoad() ? _library.Value : 0;

    private static bool TryLoad()
    {
        try
        {
            return _library.Value != 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    private static nint LoadOnLinux()
    {
        var folders = SearchFolders().Where(Directory.Exists).Distinct().ToList();
        var torchFile = Find(folders, "libtorch.so")
            ?? throw new DllNotFoundException(WhatToAdd($"libtorch was not found. Looked in: {string.Join(", ", folders)}"));
        var bridge = Find(folders, "libLibTorchSharp.so")
            ?? throw new DllNotFoundException($"libLibTorchSharp.so, a part of the package TorchSharp {TorchSharpVersion}, was not found beside the application. Looked in: {string.Join(", ", folders)}");
        // The system's loader matches a library that is already in the process by its name, wherever it came from.
        NativeLibrary.Load(torchFile);
        return NativeLibrary.TryLoad(bridge, out var handle) ? handle : LoadMended(bridge);
    }

    private static nint LoadMended(string bridge)
    {
        var image = File.ReadAllBytes(bridge);
        if (new ElfImage(image).ReplaceVersionedSymbol(NewerRuntime, NewerSymbol, HarmlessSymbol))
        {
            return MemoryFile.LoadLibrary("libLibTorchSharp.so", image);
        }
        try
        {
            return NativeLibrary.Load(bridge);
        }
        catch (DllNotFoundException failure)
        {
            throw new DllNotFoundException(
                $"{bridge} was found but does not load on this system ({RuntimeInformation.OSDescription}). The loader says: {failure.Message}. A C library of Debian 12, Ubuntu 22.04 or newer is needed.", failure);
        }
    }

    private static string? Find(IEnumerable<string> folders, string file) => folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SearchFolders()
    {
        foreach (var folder in ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        var native = Path.Combine("runtimes", "linux-x64", "native");
        var assemblyFolder = Path.GetDirectoryName(_torchSharp.Location) is { Length: > 0 } folderOfTorchSharp ? folderOfTorchSharp : AppContext.BaseDirectory;
        foreach (var folder in new[] { AppContext.BaseDirectory, assemblyFolder })
        {
            yield return folder;
            yield return Path.Combine(folder, native);
        }

        // In the package cache the assembly lies in torchsharp/<version>/lib/<framework>, and libtorch in packages beside it.
        var package = Path.GetFullPath(Path.Combine(assemblyFolder, "..", ".."));
        var packages = Path.GetFullPath(Path.Combine(package, "..", ".."));
        if (!Path.GetFileName(Path.GetDirectoryName(package)!).Equals("torchsharp", StringComparison.OrdinalIgnoreCase))
            yield break;
        yield return Path.Combine(package, native);
        foreach (var libtorch in Directory.EnumerateDirectories(packages, "libtorch-*linux-x64*").OrderDescending())
            foreach (var version in Directory.EnumerateDirectories(libtorch).OrderDescending())
                yield return Path.Combine(version, native);
    }

    private static string WhatToAdd(string finding) =>
        $"{finding}. Add the package TorchSharp-cpu {TorchSharpVersion} to the application (on a machine with an NVIDIA GPU: TorchSharp-cuda-linux or TorchSharp-cuda-windows)."
        + (OperatingSystem.IsWindows() && TorchSharpVersion.StartsWith("0.107.0", StringComparison.Ordinal) ? " The Windows library of TorchSharp 0.107.0 itself does not load (TorchSharp issue 1567); a mended build of it is needed there." : "");
}
