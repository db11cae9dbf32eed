using Spectre.Console;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A progress bar on the console: updates done, time left, the latest loss. Where the output is redirected, log records are printed as lines
/// instead, if <see cref="TrainingArguments.DisableTqdm"/> is set.
/// </summary>
public sealed class ProgressCallback : ITrainerCallback, IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly ManualResetEventSlim _ended = new();
    private ProgressTask? _training;
    private Task? _display;

    /// <summary>A progress bar on the process's console, or on another one.</summary>
    public ProgressCallback(IAnsiConsole? console = null) => _console = console ?? AnsiConsole.Console;

    /// <summary>What shows a run's progress by its settings and the kind of console; null: nothing does.</summary>
    internal static ITrainerCallback? For(TrainingArguments args) => (args.DisableTqdm, Console.IsOutputRedirected) switch
    {
        (null, true) => null,
        (true, _) or (_, true) => new PrinterCallback(),
        _ => new ProgressCallback(),
    };

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context)
    {
        using var shown = new ManualResetEventSlim();
        _ended.Reset();
        // The console library draws for as long as a function runs; that function waits for the end of training.
        _display = Task.Run(() => _console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            _training = progress.AddTask("training", maxValue: context.State.MaxSteps);
            shown.Set();
            _ended.Wait();
        }));
        shown.Wait();
    }

    /// <inheritdoc/>
    public void OnStepEnd(CallbackContext context) => _training?.Value(context.State.GlobalStep);

    /// <inheritdoc/>
    public void OnLog(CallbackContext context, LogRecord logs)
    {
        if (logs.TryGetValue("loss", out var loss))
            _training?.Description($"training, epoch {context.State.Epoch:F2}, loss {loss:F4}");
        else
            _console.WriteLine(PrinterCallback.Line(logs));
    }

    /// <inheritdoc/>
    public void OnTrainEnd(CallbackContext context) => Dispose();

    /// <summary>Takes the bar off the console.</summary>
    public void Dispose()
    {
        _ended.Set();
        _display?.Wait();
        (_display, _training) = (null, null);
    }
}
