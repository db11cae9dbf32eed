using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native.Mpi;

/// <summary>Finds and loads an MPI library of the system.</summary>
internal static unsafe class MpiFiles
{
    /// <summary>Names the file of the library, where the system's search does not find it or finds another.</summary>
    public const string Variable = "HFTRAINER_MPI_LIBRARY";

    private static readonly string[] _openMpi = ["libmpi.so.40", "libmpi.40.dylib"];
    private static readonly string[] _mpich = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"];

    /// <summary>Loads a library; the launcher's own comes first, since processes find each other through it.</summary>
    /// <param name="launcher">The name of the launcher.</param>
    /// <returns>The library and its file.</returns>
    /// <exception cref="DllNotFoundException">There is none; the message names the packages that bring one.</exception>
    public static (nint Library, string File) Load(string? launcher)
    {
        string[] files = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? [given] : launcher == "MPICH" ? [.. _mpich, .. _openMpi] : [.. _openMpi, .. _mpich];
        foreach (var file in files)
            if (Open(file) is not 0 and var library)
                return (library, file);
        throw new DllNotFoundException(
            $"No MPI library was found ({string.Join(", ", files)}). Install Open MPI or MPICH: the package openmpi-bin or mpich on Debian and Ubuntu, openmpi or mpich on Fedora and Alpine, "
            + $"open-mpi or mpich of Homebrew on macOS; or set {Variable} to the file of the library. MPI on Windows is not supported.");
    }

    // Open MPI's plug-ins look for the library's symbols among the global ones, where .NET does not put them.
    private static nint Open(string file)
    {
        if (OperatingSystem.IsWindows() || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "dlopen", out var function))
            return 0;
        const int Now = 2;
        var global = OperatingSystem.IsMacOS() ? 8 : 0x100;
        var name = Marshal.StringToCoTaskMemUTF8(file);
        try
        {
            return ((delegate* unmanaged<nint, int, nint>)function)(name, Now | global);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }
}
