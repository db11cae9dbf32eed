using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>
/// A job that Windows ends with the launcher. Windows has no signal that asks a process to end: those of the console reach its processes without the launcher, and to be ended is to be killed.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsGuard : WorkerGuard
{
    private readonly ProcessJob _job = new();

    public override Process Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        _job.Add(process);
        return process;
    }

    public override void Signal(string signal, IEnumerable<Process> processes)
    {
        if (signal is not ("TERM" or "KILL"))
            return;
        foreach (var process in processes)
            process.Kill(entireProcessTree: true);
    }

    public override void Sweep(IEnumerable<Process> ended)
    {
    }

    public override void Forget(Process ended)
    {
    }

    public override void Dispose() => _job.Dispose();
}
