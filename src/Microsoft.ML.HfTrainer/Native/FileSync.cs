using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Flushes files and folders to disk.</summary>
internal static partial class FileSync
{
    // File systems over a network or in user space may not know how to flush a folder.
    private const int InvalidArgument = 22, BadDescriptor = 9;

    /// <summary>Flushes the content of a file to disk.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void File(string path)
    {
        using var handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Flushes the entries of a folder to disk, so that new names survive a loss of power. Windows does so by itself.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw Failure(path);
        try
        {
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() is not (InvalidArgument or BadDescriptor))
                throw Failure(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path) => new($"The folder '{path}' cannot be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
