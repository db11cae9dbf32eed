using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Native;

/// <summary>TorchSharp's library for Linux, whatever system the tests run on.</summary>
internal static class NativeFile
{
    public static string Path { get; } = System.IO.Path.Combine(
        Packaging.Repository.PackageCache, "torchsharp", TorchLibrary.TorchSharpVersion, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public static byte[] Read() => File.ReadAllBytes(Path);

    /// <summary>As it runs where the newer C++ runtime is missing.</summary>
    public static byte[] ReadMended()
    {
        var image = Read();
        Assert.IsTrue(new ElfImage(image).ReplaceVersionedSymbol("GLIBCXX_3.4.32", "_ZSt21ios_base_library_initv", "getppid"));
        return image;
    }
}
