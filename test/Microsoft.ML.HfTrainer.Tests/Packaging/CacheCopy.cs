using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>
/// The user's package cache in another place, for programs that run from it and, were they wrong, would write to it: links to the packages that are only
/// read, and a copy of TorchSharp's, beside whose assembly its own search would put a second libtorch.
/// </summary>
internal sealed class CacheCopy : IDisposable
{
    public CacheCopy()
    {
        foreach (var package in Directory.EnumerateDirectories(Repository.PackageCache))
            if (Path.GetFileName(package) != "torchsharp")
                Directory.CreateSymbolicLink(Path.Combine(Folder, Path.GetFileName(package)), package);
        var torchSharp = Path.Combine("torchsharp", TorchLibrary.TorchSharpVersion);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.PackageCache, torchSharp), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(Repository.PackageCache, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hftrainer-cache-").FullName;

    /// <summary>Puts the native libraries of a package into several others instead: <paramref name="packageOf"/> tells which, by file name.</summary>
    public void Spread(string package, Func<string, string> packageOf)
    {
        File.Delete(Path.Combine(Folder, package));
        var native = Path.Combine(TorchLibrary.LibtorchVersion, "runtimes", "linux-x64", "native");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.PackageCache, package, native)))
        {
            var folder = Directory.CreateDirectory(Path.Combine(Folder, packageOf(Path.GetFileName(file)), native)).FullName;
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
