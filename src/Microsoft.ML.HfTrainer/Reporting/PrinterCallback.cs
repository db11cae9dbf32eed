using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Prints every log record as a line: updates made, in training also the examples a second and the time left, and the values by name, four digits each.
/// </summary>
/// <param name="writer">Where to; null: the console.</param>
public sealed class PrinterCallback(TextWriter? writer = null) : ITrainerCallback
{
    private readonly TrainingPace _pace = new();

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context) => _pace.Begin(context);

    /// <inheritdoc/>
    public void OnStepBegin(CallbackContext context) => _pace.BeginUpdate();

    /// <inheritdoc/>
    public void OnStepEnd(CallbackContext context) => _pace.EndUpdate(context);

    /// <summary>Prints the record. As in the original, <c>total_flos</c> is taken out of it first, and so out of the run's own metrics.</summary>
    public void OnLog(CallbackContext context, LogRecord logs)
    {
        logs.Remove("total_flos");
        var pace = logs.ContainsKey("loss") ? Pace(context) : "";
        (writer ?? Console.Out).WriteLine($"step {context.State.GlobalStep}/{context.State.MaxSteps}{pace}: {Line(logs)}");
    }

    internal static string Line(IEnumerable<KeyValuePair<string, double>> logs) =>
        string.Join(", ", logs.Select(l => $"{l.Key} {l.Value.ToString("G4", CultureInfo.InvariantCulture)}"));

    private string Pace(CallbackContext context) => _pace.TakeExamplesPerSecond() is { } speed && _pace.TimeLeft(context.State) is { } left
        ? string.Create(CultureInfo.InvariantCulture, $" ({speed:F0} samples/s, {TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)):c} left)")
        : "";
}
