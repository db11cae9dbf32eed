using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>A job object of Windows: its processes, and those that they start, are killed when this process ends.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class ProcessJob : IDisposable
{
    private const int ExtendedLimits = 9;
    private const uint KillOnClose = 0x2000;

    private readonly SafeFileHandle _job = Create(0, null);

    /// <summary>Makes a job without processes.</summary>
    /// <exception cref="Win32Exception">Windows allows none.</exception>
    public unsafe ProcessJob()
    {
        var limits = new Limits { Flags = KillOnClose };
        if (_job.IsInvalid || !Set(_job, ExtendedLimits, &limits, (uint)sizeof(Limits)))
            throw new Win32Exception();
    }

    /// <summary>Adds a process.</summary>
    /// <exception cref="Win32Exception">Windows does not allow it.</exception>
    public void Add(Process process)
    {
        if (!Assign(_job, process.SafeHandle) && !process.HasExited)
            throw new Win32Exception();
    }

    public void Dispose() => _job.Dispose();

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle Create(nint security, string? name);

    [LibraryImport("kernel32", EntryPoint = "SetInformationJobObject", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool Set(SafeFileHandle job, int kind, Limits* limits, uint size);

    [LibraryImport("kernel32", EntryPoint = "AssignProcessToJobObject", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Assign(SafeFileHandle job, SafeProcessHandle process);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime, JobTime;
        public uint Flags;
        public nuint SmallestWorkingSet, LargestWorkingSet;
        public uint Processes;
        public nuint Affinity;
        public uint Priority, Scheduling;
        public ulong Reads, Writes, Others, ReadBytes, WrittenBytes, OtherBytes;
        public nuint ProcessMemory, JobMemory, LargestProcessMemory, LargestJobMemory;
    }
}
