namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Tells a lack of memory from other failures of libtorch, which says it in words alone.</summary>
internal static class OutOfMemory
{
    private static readonly string[] _phrases =
    [
        // GPUs of any make.
        " out of memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED",
        "cuDNN error: CUDNN_STATUS_NOT_SUPPORTED.",
        // The CPU on Linux and macOS, and on Windows.
        "DefaultCPUAllocator: can't allocate memory",
        "DefaultCPUAllocator: not enough memory",
    ];

    /// <summary>Returns true if an exception reports too little memory, so that a smaller batch may succeed.</summary>
    public static bool Is(Exception failure) =>
        failure is OutOfMemoryException
        || _phrases.Any(phrase => failure.Message.Contains(phrase, StringComparison.Ordinal))
        || failure.InnerException is { } inner && Is(inner);
}
