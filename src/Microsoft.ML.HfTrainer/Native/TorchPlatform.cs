using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>What TorchSharp's packages call their folder and files for an operating system and processor.</summary>
/// <param name="RuntimeIdentifier">The folder below <c>runtimes</c> and the end of the package names.</param>
/// <param name="Torch">The library of libtorch that needs all others of its package.</param>
/// <param name="Bridge">TorchSharp's own library, which needs libtorch.</param>
internal sealed record TorchPlatform(string RuntimeIdentifier, string Torch, string Bridge)
{
    public static TorchPlatform Current { get; } = Of(RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    /// <summary>Whether TorchSharp is made for it at all.</summary>
    public bool IsSupported => RuntimeIdentifier is "linux-x64" or "win-x64" or "win-arm64" or "osx-arm64";

    private static TorchPlatform Of(string processor) =>
        OperatingSystem.IsWindows() ? new($"win-{processor}", "torch.dll", "LibTorchSharp.dll")
        : OperatingSystem.IsMacOS() ? new($"osx-{processor}", "libtorch.dylib", "libLibTorchSharp.dylib")
        : new($"linux-{processor}", "libtorch.so", "libLibTorchSharp.so");
}
