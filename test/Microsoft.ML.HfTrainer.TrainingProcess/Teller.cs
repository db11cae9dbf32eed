using Microsoft.Extensions.Logging;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Writes what happens to standard output, a line at a time and at once.</summary>
internal sealed class Teller : ITrainerCallback, ILogger
{
    public static void Say(string line)
    {
        Console.Out.WriteLine(line.ReplaceLineEndings(" "));
        Console.Out.Flush();
    }

    public void OnTrainBegin(CallbackContext context) => Say($"begin {context.State.GlobalStep}");

    public void OnStepEnd(CallbackContext context) => Say($"update {context.State.GlobalStep}");

    public void OnSave(CallbackContext context) => Say($"saved {context.State.GlobalStep}");

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Say($"{(logLevel == LogLevel.Warning ? "warning" : "info")} {formatter(state, exception)}");
}
