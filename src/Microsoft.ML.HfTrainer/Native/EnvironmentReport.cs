namespace Microsoft.ML.HfTrainer;

/// <summary>The result of <see cref="HfTrainerEnvironment.Check"/>.</summary>
public sealed record EnvironmentReport
{
    /// <summary>Gets the version of Microsoft.ML.HfTrainer.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>Gets the version of TorchSharp.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>Gets the version of libtorch that TorchSharp was compiled against.</summary>
    public required string LibtorchVersion { get; init; }

    /// <summary>Gets the file that libtorch was loaded from; null if the system loaded it from its own search path.</summary>
    public string? LibtorchFile { get; init; }

    /// <summary>Gets the file of TorchSharp's native library; null if the system loaded it from its own search path.</summary>
    public string? NativeLibraryFile { get; init; }

    /// <summary>Indicates whether a copy of that file was loaded that was adapted in memory to the C++ runtime of this system.</summary>
    public bool IsMended { get; init; }

    /// <summary>Gets, on Linux, the version of the C++ runtime that the file requires, such as <c>GLIBCXX_3.4.32</c>.</summary>
    public string? RequiredCppRuntime { get; init; }

    /// <summary>Gets the operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Gets the runtime identifier of the process, such as <c>linux-x64</c>.</summary>
    public required string RuntimeIdentifier { get; init; }

    /// <summary>Gets the version of .NET.</summary>
    public required string DotNetVersion { get; init; }

    /// <summary>Gets the number of threads that one operator uses on the CPU.</summary>
    public int CpuThreads { get; init; }

    /// <summary>Indicates whether a CUDA build of libtorch is loaded and a driver and a GPU are available.</summary>
    public bool CudaIsAvailable { get; init; }

    /// <summary>Gets the number of CUDA GPUs.</summary>
    public int CudaDeviceCount { get; init; }
}
