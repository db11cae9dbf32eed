using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Counts what native code has allocated on Linux, whether it was given back to the system or not.</summary>
internal static class NativeMemory
{
    /// <summary>Bytes in use.</summary>
    public static double InUse
    {
        get
        {
            var info = MallInfo();
            return (double)info.InUse + info.Mapped;
        }
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    private static extern Info MallInfo();

    // glibc's struct mallinfo2, of which two fields are read.
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public nuint Arena, OrderedBlocks, SmallBlocks, MappedBlocks, Mapped, Unused, FastBlocks, InUse, Free, Releasable;
    }
}
