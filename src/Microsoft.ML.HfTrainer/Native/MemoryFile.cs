using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>A file of Linux that exists in memory alone: a library is loaded from it where no folder may be written.</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Loads a shared library from its bytes.</summary>
    public static nint LoadLibrary(string name, byte[] image)
    {
        var descriptor = Create(name, CloseOnExec);
        if (descriptor < 0)
            throw new IOException($"No memory file could be made for {name}: {Marshal.GetLastPInvokeErrorMessage()}");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(handle, image, 0);
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Create(string name, uint flags);
}
