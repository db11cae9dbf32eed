using System.Runtime.InteropServices;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Progress bars on a terminal, shown until this object is disposed.</summary>
/// <remarks>Spectre.Console draws as long as a callback runs; the callback waits on a thread of its own.</remarks>
internal sealed class ProgressDisplay : IDisposable
{
    private readonly Task _display;
    private readonly ProgressContext _bars;
    private readonly TaskCompletionSource _end;
    private readonly PosixSignalRegistration[] _signals;
    private readonly TextWriter _output = Console.Out, _error = Console.Error, _above;
    private readonly LinesAbove _lines;

    private ProgressDisplay(IAnsiConsole console, Task display, ProgressContext bars, TaskCompletionSource end)
    {
        (_display, _bars, _end) = (display, bars, end);
        // What the application writes, such as lines of MLContext.Log, would tear the bars apart.
        _lines = new LinesAbove(console, _output);
        Console.SetOut(_lines);
        _above = Console.Out;
        if (!Console.IsErrorRedirected)
            Console.SetError(_above);
        // Without this, a process that a signal ends would leave the cursor hidden.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => console.Cursor.Show()))];
    }

    /// <summary>Starts a display without bars; returns null if the console already shows another live display.</summary>
    public static ProgressDisplay? On(IAnsiConsole console)
    {
        var (shown, end) = (new TaskCompletionSource<ProgressContext>(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        var progress = console.Progress().Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        var display = Task.Factory.StartNew(() => progress.Start(bars =>
        {
            shown.SetResult(bars);
            end.Task.Wait();
        }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.WaitAny(shown.Task, display) == 0 ? new ProgressDisplay(console, display, shown.Task.Result, end) : null;
    }

    /// <summary>Adds a bar.</summary>
    /// <param name="description">The text beside the bar.</param>
    /// <param name="size">The value of the full bar; null if it is unknown.</param>
    public ProgressTask Add(string description, double? size)
    {
        var bar = _bars.AddTask(description, maxValue: size ?? 1);
        bar.IsIndeterminate = size is null;
        return bar;
    }

    /// <summary>Removes a bar.</summary>
    public void Remove(ProgressTask bar) => _bars.RemoveTask(bar);

    /// <summary>Ends the display: the bars stay as they are, and the cursor is shown again.</summary>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _end.TrySetResult();
        // A closed terminal must not fail the run: its exception stays in the task.
        Task.WaitAny(_display);
        // Unless the application has set another writer since.
        if (Console.Out == _above)
            Console.SetOut(_output);
        if (Console.Error == _above)
            Console.SetError(_error);
        _lines.End();
    }
}
