namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// The folders in which the native libraries of an application may lie. The package cache is among them only where TorchSharp itself runs from it, as
/// under a script or notebook host: an application that references no native package must not come to depend on what happens to be in the cache.
/// </summary>
internal sealed class TorchFolders(TorchPlatform platform, string libtorchVersion)
{
    private readonly string _runtimes = Path.Combine("runtimes", platform.RuntimeIdentifier, "native");

    /// <summary>The folders that exist, the most likely first.</summary>
    /// <param name="torchSharpFolder">The folder of TorchSharp.dll; null where it is part of a single file.</param>
    public List<string> Find(string? torchSharpFolder)
    {
        // TorchSharp's own folder comes first: a plug-in has its libraries beside it, and its host may have others.
        IEnumerable<string> folders = [
            .. torchSharpFolder is null ? [] : Application(torchSharpFolder),
            .. List((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")),
            .. Application(AppContext.BaseDirectory),
            .. torchSharpFolder is null ? [] : PackageCache(torchSharpFolder),
            .. OperatingSystem.IsLinux() ? List(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")) : []];
        return [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Where(Directory.Exists).Distinct()];
    }

    /// <summary>Whether a folder that was found is a part of libtorch in a package cache.</summary>
    public static bool IsPackageOfLibtorch(string folder) => folder.Contains($"{Path.DirectorySeparatorChar}libtorch-", StringComparison.OrdinalIgnoreCase);

    // A publish for one runtime is flat; a portable output has a folder for each runtime.
    private IEnumerable<string> Application(string folder) => [folder, Path.Combine(folder, _runtimes)];

    private static string[] List(string? paths) => (paths ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    // There the assembly lies in torchsharp/<version>/lib/<framework>, and libtorch in packages beside it or in the user's own cache.
    private IEnumerable<string> PackageCache(string torchSharpFolder)
    {
        var package = Path.GetFullPath(Path.Combine(torchSharpFolder, "..", ".."));
        if (Path.GetDirectoryName(package) is not { } versions || !Path.GetFileName(versions).Equals("torchsharp", StringComparison.OrdinalIgnoreCase))
            return [];
        string[] caches = [Path.Combine(versions, ".."), Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages")];
        return [Path.Combine(package, _runtimes), .. caches.Where(Directory.Exists).Select(LibtorchIn).FirstOrDefault(found => found.Count > 0) ?? []];
    }

    // One build of libtorch, never parts of two: the version that TorchSharp was compiled against, for CUDA where there is a driver for it.
    private List<string> LibtorchIn(string cache)
    {
        var (cpu, cuda) = (Libtorch(cache, $"libtorch-cpu-{platform.RuntimeIdentifier}"), Libtorch(cache, $"libtorch-cuda-*-{platform.RuntimeIdentifier}*"));
        return cuda.Count > 0 && (cpu.Count == 0 || File.Exists("/proc/driver/nvidia/version") || OperatingSystem.IsWindows()) ? cuda : cpu;
    }

    private List<string> Libtorch(string cache, string packages)
    {
        var found = Directory.EnumerateDirectories(cache, packages).Select(package => Path.Combine(package, libtorchVersion)).Where(Directory.Exists).ToList();
        // The largest libraries come in fragments, which the first build of an application puts together; until then they are not what they seem.
        var isWhole = !found.Any(package => Directory.Exists(Path.Combine(package, "fragments"))
            && Directory.EnumerateFiles(Path.Combine(package, "fragments"), "*.fragment*", SearchOption.AllDirectories).Any());
        var folders = found.Select(package => Path.Combine(package, _runtimes)).Where(Directory.Exists).ToList();
        return isWhole && folders.Any(folder => File.Exists(Path.Combine(folder, platform.Torch))) ? folders : [];
    }
}
