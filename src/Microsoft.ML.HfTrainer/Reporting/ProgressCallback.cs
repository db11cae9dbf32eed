using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Progress bars on the console: updates made and time left, with the latest loss, learning rate and examples a second, and the batches of a running
/// evaluation. Other log records are lines above them. <see cref="TrainingArguments.DisableTqdm"/> says when it is used.
/// </summary>
public sealed class ProgressCallback : ITrainerCallback, IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly TrainingPace _pace = new();
    private ProgressDisplay? _display;
    private ProgressTask? _training;
    private ProgressTask? _evaluation;

    /// <summary>Bars on the process's console, or on another one.</summary>
    public ProgressCallback(IAnsiConsole? console = null) => _console = console ?? AnsiConsole.Console;

    /// <summary>What shows a run's progress by its settings and the kind of console; empty where nothing does.</summary>
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
        _training?.Value(context.State.GlobalStep);
    }

    /// <inheritdoc/>
    public void OnStepBegin(CallbackContext context) => _pace.BeginUpdate();

    /// <inheritdoc/>
    public void OnStepEnd(CallbackContext context)
    {
        _pace.EndUpdate(context);
        _training?.Value(context.State.GlobalStep);
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
            _training.Description(Markup.Escape($"training, {Describe(logs)}"));
        else
            _console.WriteLine(PrinterCallback.Line(logs.Where(value => value.Key != "total_flos")));
    }

    /// <inheritdoc/>
    public void OnTrainEnd(CallbackContext context) => Dispose();

    /// <summary>Takes the bars off the console, and gives it back its cursor.</summary>
    public void Dispose()
    {
        _display?.Dispose();
        (_display, _training, _evaluation) = (null, null, null);
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
