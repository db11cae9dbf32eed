using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Callbacks;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Prints each log record as a line: the number of updates and the values by name with four significant digits, during training also the examples per second and the
/// remaining time.
/// </summary>
/// <param name="writer">The writer that lines are printed to. If null, the console.</param>
public sealed class PrinterCallback(TextWriter? writer = null) : ITrainerCallback
{
    private readonly TrainingPace _pace = new();

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context) => _pace.Begin(context);

    /// <inheritdoc/>
    public void OnStepBegin(CallbackContext context) => _pace.BeginUpdate();

    /// <inheritdoc/>
    public void OnStepEnd(CallbackContext context) => _pace.EndUpdate(context);

    /// <summary>Prints the record. As in the Hugging Face Trainer, <c>total_flos</c> is removed from it first, and thereby from the metrics that training returns.</summary>
    public void OnLog(CallbackContext context, LogRecord logs)
    {
        logs.Remove("total_flos");
        var pace = logs.ContainsKey("loss") ? Pace(context.State) : "";
        (writer ?? Console.Out).WriteLine($"step {context.State.GlobalStep}/{context.State.MaxSteps}{pace}: {Line(logs)}");
    }

    internal static string Line(IEnumerable<KeyValuePair<string, double>> logs) =>
        string.Join(", ", logs.Select(l => $"{l.Key} {l.Value.ToString("G4", CultureInfo.InvariantCulture)}"));

    private string Pace(TrainerState state) => _pace.TakeExamplesPerSecond() is { } speed && _pace.TimeLeft(state.GlobalStep, state.MaxSteps) is { } left
        ? string.Create(CultureInfo.InvariantCulture, $" ({speed:F0} samples/s, {TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)):c} left)")
        : "";
}
