using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Callbacks;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Shows progress bars on the console: one for the updates, with their number, the remaining time, the latest loss, the learning rate and the examples per second, and one for the
/// batches of an evaluation. Other log records, and lines that the application writes to the console meanwhile, appear above them. <see cref="TrainingArguments.DisableTqdm"/> controls
/// whether the trainer uses it.
/// </summary>
public sealed class ProgressCallback : ITrainerCallback, IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly TrainingPace _pace = new();
    private ProgressDisplay? _display;
    private ProgressTask? _training;
    private ProgressTask? _evaluation;
    private string _values = "";

    /// <summary>Creates a callback that shows progress on the console of the process.</summary>
    public ProgressCallback() : this(AnsiConsole.Console)
    {
    }

    internal ProgressCallback(IAnsiConsole console) => _console = console;

    /// <summary>Creates the callback that shows progress, depending on the arguments and on whether the output is redirected; none if nothing is to be shown.</summary>
    internal static IEnumerable<ITrainerCallback> For(TrainingArguments args) => (args.DisableTqdm, Console.IsOutputRedirected) switch
    {
        (null, true) => [],
        (true, _) or (_, true) => [new PrinterCallback()],
        _ => [new ProgressCallback()],
    };

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context)
    {
        Dispose();
        _pace.Begin(context);
        _display = ProgressDisplay.On(_console);
        _training = _display?.Add("training", context.State.MaxSteps);
        Show(context.State);
    }

    /// <inheritdoc/>
    public void OnStepBegin(CallbackContext context) => _pace.BeginUpdate();

    /// <inheritdoc/>
    public void OnStepEnd(CallbackContext context)
    {
        _pace.EndUpdate(context);
        Show(context.State);
    }

    /// <inheritdoc/>
    public void OnPredictionStep(CallbackContext context)
    {
        _display ??= ProgressDisplay.On(_console);
        _evaluation ??= _display?.Add("evaluation", context.Trainer.PredictionSteps);
        _evaluation?.Increment(1);
    }

    /// <inheritdoc/>
    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => EndEvaluation();

    /// <inheritdoc/>
    public void OnPredict(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => EndEvaluation();

    /// <inheritdoc/>
    public void OnLog(CallbackContext context, LogRecord logs)
    {
        if (_training is not null && logs.ContainsKey("loss"))
        {
            _values = $", {Describe(logs)}";
            Show(context.State);
        }
        else
            _console.WriteLine(PrinterCallback.Line(logs.Where(l => l.Key != "total_flos")));
    }

    /// <inheritdoc/>
    public void OnTrainEnd(CallbackContext context) => Dispose();

    /// <summary>Removes the bars from the console and shows its cursor again.</summary>
    public void Dispose()
    {
        _display?.Dispose();
        (_display, _training, _evaluation, _values) = (null, null, null, "");
    }

    private void Show(TrainerState state)
    {
        _training?.Description(Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"training, step {state.GlobalStep:N0} of {state.MaxSteps:N0}{_values}")));
        _training?.Value(state.GlobalStep);
    }

    private void EndEvaluation()
    {
        if (_training is null)
            Dispose();
        if (_evaluation is not null)
            _display?.Remove(_evaluation);
        _evaluation = null;
    }

    private string Describe(LogRecord logs)
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"epoch {logs.GetValueOrDefault("epoch"):F2}, loss {logs["loss"]:F4}") };
        if (logs.TryGetValue("learning_rate", out var rate))
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"rate {rate:G3}"));
        if (_pace.TakeExamplesPerSecond() is { } speed)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{speed:F0} samples/s"));
        return string.Join(", ", parts);
    }
}
