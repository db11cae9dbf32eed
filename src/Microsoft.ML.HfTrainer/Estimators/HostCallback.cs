using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Connects a run to its <see cref="MLContext"/>: writes a line to its log for each record, and ends the run if it is canceled.</summary>
internal sealed class HostCallback(MlHost host) : ITrainerCallback
{
    public void OnStepEnd(CallbackContext context) => host.CheckAlive();

    public void OnPredictionStep(CallbackContext context) => host.CheckAlive();

    public void OnLog(CallbackContext context, LogRecord logs) => context.Trainer.Logger.Info(
        $"Step {context.State.GlobalStep:N0} of {context.State.MaxSteps:N0}: " +
        $"{string.Join(", ", logs.Select(record => $"{record.Key} {record.Value.ToString("G5", CultureInfo.InvariantCulture)}"))}");
}

/// <summary>Writes log messages to a channel of the host.</summary>
internal sealed class ChannelLogger(HostChannel channel) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var message = formatter(state, exception);
        if (logLevel == LogLevel.Information)
            channel.Info(message);
        else
            channel.Warning(message);
    }
}
