using System.Runtime.InteropServices;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Progress bars on a terminal, from when this is made until it is disposed.</summary>
/// <remarks>The console library draws for as long as a function runs; that function waits on a thread of its own.</remarks>
internal sealed class ProgressDisplay : IDisposable
{
    private readonly Task _display;
    private readonly ProgressContext _bars;
    private readonly TaskCompletionSource _end;
    private readonly PosixSignalRegistration[] _signals;

    private ProgressDisplay(IAnsiConsole console, Task display, ProgressContext bars, TaskCompletionSource end)
    {
        (_display, _bars, _end) = (display, bars, end);
        // A process that a signal ends leaves the terminal as it stands.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => console.Cursor.Show()))];
    }

    /// <summary>Shows bars, which are added to it; null where the console cannot, because something else is drawn on it just now.</summary>
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
    /// <param name="description">What stands beside it.</param>
    /// <param name="size">The value of the whole bar; null: it is not known.</param>
    public ProgressTask Add(string description, double? size)
    {
        var bar = _bars.AddTask(description, maxValue: size ?? 1);
        bar.IsIndeterminate = size is null;
        return bar;
    }

    /// <summary>Takes a bar away.</summary>
    public void Remove(ProgressTask bar) => _bars.RemoveTask(bar);

    /// <summary>Takes the display off the console: the bars stay as they are, and the cursor comes back.</summary>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _end.TrySetResult();
        // A terminal that went away is no reason to fail: its exception stays in the task.
        Task.WaitAny(_display);
    }
}
