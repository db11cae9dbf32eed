namespace Microsoft.ML.HfTrainer;

/// <summary>What <see cref="HfTrainerEnvironment.Check"/> found.</summary>
public sealed record EnvironmentReport
{
    /// <summary>The version of Microsoft.ML.HfTrainer.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>The version of TorchSharp that runs.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>The version of libtorch that TorchSharp was compiled against.</summary>
    public required string LibtorchVersion { get; init; }

    /// <summary>The file that libtorch was loaded from; null where the system found it in a place of its own.</summary>
    public string? LibtorchFile { get; init; }

    /// <summary>The file of TorchSharp's native library; null where the system found it in a place of its own.</summary>
    public string? NativeLibraryFile { get; init; }

    /// <summary>Whether a copy of that file, adapted in memory to this system's C++ runtime, runs in its place.</summary>
    public bool IsMended { get; init; }

    /// <summary>On Linux, the version of the C++ runtime that the file asks for, such as <c>GLIBCXX_3.4.32</c>.</summary>
    public string? RequiredCppRuntime { get; init; }

    /// <summary>The operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The runtime identifier of the process, such as <c>linux-x64</c>.</summary>
    public required string RuntimeIdentifier { get; init; }

    /// <summary>The version of .NET that runs.</summary>
    public required string DotNetVersion { get; init; }

    /// <summary>The number of threads that one operator uses on the CPU.</summary>
    public int CpuThreads { get; init; }

    /// <summary>Whether a CUDA build of libtorch is loaded and a driver and a GPU are there for it.</summary>
    public bool CudaIsAvailable { get; init; }

    /// <summary>The number of CUDA GPUs.</summary>
    public int CudaDeviceCount { get; init; }
}
