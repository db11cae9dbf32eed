using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Prints every log record as a line: values by name, four digits each.</summary>
/// <param name="writer">Where to; null: the console.</param>
public sealed class PrinterCallback(TextWriter? writer = null) : ITrainerCallback
{
    /// <summary>Prints the record. As in the original, <c>total_flos</c> is taken out of it first, and so out of the run's own metrics.</summary>
    public void OnLog(CallbackContext context, LogRecord logs)
    {
        logs.Remove("total_flos");
        (writer ?? Console.Out).WriteLine($"step {context.State.GlobalStep}/{context.State.MaxSteps}: {Line(logs)}");
    }

    internal static string Line(LogRecord logs) => string.Join(", ", logs.Select(l => $"{l.Key} {l.Value.ToString("G4", CultureInfo.InvariantCulture)}"));
}
