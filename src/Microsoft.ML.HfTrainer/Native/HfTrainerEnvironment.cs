using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Native;
using TorchSharp;

namespace Microsoft.ML.HfTrainer;

/// <summary>Checks whether this application can train on this machine, and on which devices.</summary>
public static class HfTrainerEnvironment
{
    /// <summary>Loads the native libraries and returns what was found. Call it before a download or a long preparation.</summary>
    /// <exception cref="DllNotFoundException">A native library is missing or does not load; the message names the package to add.</exception>
    public static EnvironmentReport Check()
    {
        TorchLibrary.EnsureLoaded();
        var loaded = TorchLibrary.Loaded;
        var cudaIsAvailable = torch.cuda.is_available();
        return new EnvironmentReport
        {
            LibraryVersion = TorchLibrary.VersionOf(typeof(HfTrainerEnvironment).Assembly),
            TorchSharpVersion = TorchLibrary.TorchSharpVersion,
            LibtorchVersion = TorchLibrary.LibtorchVersion,
            LibtorchFile = loaded.Torch,
            NativeLibraryFile = loaded.Bridge,
            IsMended = loaded.IsMended,
            RequiredCppRuntime = RequiredCppRuntime(loaded.Bridge),
            OperatingSystem = RuntimeInformation.OSDescription,
            RuntimeIdentifier = RuntimeInformation.RuntimeIdentifier,
            DotNetVersion = Environment.Version.ToString(),
            CpuThreads = torch.get_num_threads(),
            CudaIsAvailable = cudaIsAvailable,
            CudaDeviceCount = cudaIsAvailable ? torch.cuda.device_count() : 0,
        };
    }

    private static string? RequiredCppRuntime(string? bridge) => bridge is null || !OperatingSystem.IsLinux() ? null
        : new ElfImage(File.ReadAllBytes(bridge)).NeededVersions.Where(version => version.StartsWith("GLIBCXX_", StringComparison.Ordinal))
            .MaxBy(version => Version.TryParse(version["GLIBCXX_".Length..], out var number) ? number : new Version());
}
