using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>
/// A shell that reads orders from a pipe of the launcher. However the launcher ends, the pipe ends with it, and the shell kills the processes that it was last told to watch.
/// A process begins only after the shell was told about it, so there is no moment at which it would be left alone. Each is a session of its own, if the system has <c>setsid</c>:
/// a signal reaches all that it has started, and Ctrl-C does not reach it twice.
/// </summary>
internal sealed class UnixGuard : WorkerGuard
{
    private const string Shell = "/bin/sh", InSession = "exec $(command -v setsid) ";

    // Waits for a line; without one, the launcher has ended.
    private const string Gate = "read -r line || exit 1; " + InSession + "\"$@\" </dev/null";

    // A process that has not come to its own session yet is no group.
    private const string Guard = """
        exec >/dev/null 2>&1
        trap '' HUP INT QUIT TERM
        watched=
        send() { for pid in $2; do kill -s "$1" -- "-$pid" || kill -s "$1" "$pid"; done; }
        while read -r order pids; do
          case $order in
            watch) watched=$pids ;;
            sweep) for pid in $pids; do kill -s KILL -- "-$pid"; done ;;
            *) send "$order" "$pids" ;;
          esac
        done
        send KILL "$watched"
        """;

    private readonly Process _guard = Process.Start(new ProcessStartInfo(Shell, ["-c", InSession + Shell + " -c \"$1\"", "sh", Guard]) { RedirectStandardInput = true })!;
    private readonly List<Process> _watched = [];

    public override Process Start(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, start.FileName);
        foreach (var argument in new[] { "sh", Gate, "-c" })
            start.ArgumentList.Insert(0, argument);
        start.FileName = Shell;
        start.RedirectStandardInput = true;
        var process = Process.Start(start)!;
        _watched.Add(process);
        Order("watch", _watched);
        process.StandardInput.WriteLine();
        process.StandardInput.Close();
        return process;
    }

    public override void Signal(string signal, IEnumerable<Process> processes) => Order(signal, processes);

    public override void Sweep(IEnumerable<Process> ended) => Order("sweep", ended);

    public override void Forget(Process ended)
    {
        _watched.Remove(ended);
        Order("watch", _watched);
    }

    public override void Dispose()
    {
        _guard.StandardInput.Close();
        _guard.WaitForExit();
        _guard.Dispose();
    }

    private void Order(string order, IEnumerable<Process> processes)
    {
        try
        {
            _guard.StandardInput.WriteLine($"{order} {string.Join(' ', processes.Select(process => process.Id))}");
            _guard.StandardInput.Flush();
        }
        catch (IOException)
        {
            // Somebody has killed the shell: nothing guards the processes any more.
            _watched.ForEach(process => process.Kill(entireProcessTree: true));
        }
    }
}
