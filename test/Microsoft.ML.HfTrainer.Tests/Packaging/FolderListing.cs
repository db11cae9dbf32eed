namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>What lies in the package caches of TorchSharp's and libtorch's packages, to see that a run has left it alone.</summary>
internal static class FolderListing
{
    public static List<string> OfNativePackages(string cache) => [.. Directory.EnumerateDirectories(cache)
        .Where(package => Path.GetFileName(package) is var name && (name.StartsWith("torchsharp", StringComparison.Ordinal)
            || name.StartsWith("libtorch", StringComparison.Ordinal)))
        .SelectMany(package => new DirectoryInfo(package).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        .Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal)];
}
