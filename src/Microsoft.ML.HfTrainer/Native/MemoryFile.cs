using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Loads a modified image of a Linux shared library without modifying its file.</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Loads the library; the process then takes it for the file <paramref name="path"/>.</summary>
    /// <exception cref="DllNotFoundException">The system allows neither a library in memory nor one in a temporary folder.</exception>
    public static nint LoadLibrary(string path, byte[] image)
    {
        try
        {
            return LoadFromMemory(path, image);
        }
        catch (Exception inMemory) when (inMemory is IOException or DllNotFoundException or EntryPointNotFoundException)
        {
            // Old kernels, sandboxes and a sysctl (vm.memfd_noexec) refuse memory files.
            try
            {
                return LoadFromFolder(path, image);
            }
            catch (Exception inFolder) when (inFolder is IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                throw new DllNotFoundException(
                    $"{path} must be adapted to this system's C++ runtime, but the adapted copy cannot be loaded. "
                    + $"From memory: {inMemory.Message}. From {Path.GetTempPath()}: {inFolder.Message}. "
                    + "Set TMPDIR to a folder from which libraries may be loaded, or use a system with GCC 13's libstdc++ or newer.", inFolder);
            }
        }
    }

    internal static nint LoadFromMemory(string path, byte[] image)
    {
        var descriptor = Create(Path.GetFileName(path), CloseOnExec);
        if (descriptor < 0)
            throw new IOException($"no memory file could be made ({Marshal.GetLastPInvokeErrorMessage()})");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(handle, image, 0);
        return LoadAs(path, $"/proc/self/fd/{descriptor}");
    }

    internal static nint LoadFromFolder(string path, byte[] image)
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(path));
            File.WriteAllBytes(copy, image);
            return LoadAs(path, copy);
        }
        finally
        {
            // What is loaded stays in memory.
            folder.Delete(recursive: true);
        }
    }

    // The loader of the GNU C library recognizes a library by the path that it was loaded from, in `struct link_map` of <link.h>, to which the handle
    // points. With the path of the unmodified file there, whoever asks for that file gets this image (a plug-in's load context does so by itself), and a later
    // memory file with the same descriptor is not taken for it.
    private static unsafe nint LoadAs(string path, string copy)
    {
        var handle = NativeLibrary.Load(copy);
        var name = (nint*)handle + 1;
        if (Marshal.PtrToStringUTF8(*name) == copy)
            *name = Marshal.StringToCoTaskMemUTF8(path);
        return handle;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Create(string name, uint flags);
}
