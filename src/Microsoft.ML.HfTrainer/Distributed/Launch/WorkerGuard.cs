using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>Starts processes, signals them, and kills them when the launcher has ended, however it ended.</summary>
internal abstract class WorkerGuard : IDisposable
{
    /// <summary>Returns the guard of this system.</summary>
    public static WorkerGuard Create() => OperatingSystem.IsWindows() ? new WindowsGuard() : new UnixGuard();

    /// <summary>Starts a process.</summary>
    public abstract Process Start(ProcessStartInfo start);

    /// <summary>Signals processes, and what they have started.</summary>
    /// <param name="signal">The name of the signal without <c>SIG</c>.</param>
    /// <param name="processes">Processes of <see cref="Start"/> that have not ended.</param>
    public abstract void Signal(string signal, IEnumerable<Process> processes);

    /// <summary>Kills what ended processes have left running.</summary>
    public abstract void Sweep(IEnumerable<Process> ended);

    /// <summary>Leaves an ended process alone from now on: its number may become that of another.</summary>
    public abstract void Forget(Process ended);

    public abstract void Dispose();
}
