using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Native;

/// <summary>The libraries for Windows as the packages have them, whatever system the tests run on.</summary>
/// <param name="Runtime">win-x64 or win-arm64.</param>
internal sealed record WindowsPackage(string Runtime)
{
    /// <summary>TorchSharp's library.</summary>
    public string Bridge => Path.Combine(Native("torchsharp", TorchLibrary.TorchSharpVersion), "LibTorchSharp.dll");

    /// <summary>The folder of libtorch's libraries.</summary>
    public string Libtorch => Native($"libtorch-cpu-{Runtime}", TorchLibrary.LibtorchVersion);

    private string Native(string package, string version) => Path.Combine(Repository.PackageCache, package, version, "runtimes", Runtime, "native");
}
