using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Callbacks;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Connects a run to its <see cref="MLContext"/>: writes a line to its log for each record, and ends the run if it is canceled.</summary>
internal sealed class HostCallback(MlHost host, TimeProvider? clock = null) : ITrainerCallback
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly TrainingPace _pace = new(clock);
    private long _lastLine;
    private int _batches;

    public void OnTrainBegin(CallbackContext context)
    {
        _pace.Begin(context);
        _lastLine = _clock.GetTimestamp();
    }

    // Between records, which may be minutes apart, a line now and then shows that the run goes on.
    public void OnStepEnd(CallbackContext context)
    {
        host.CheckAlive();
        if (IsDue)
            Write(context, _pace.TimeLeft(context.State.GlobalStep, context.State.MaxSteps) is { } left ? $"about {TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)):c} left" : "");
    }

    public void OnPredictionStep(CallbackContext context)
    {
        host.CheckAlive();
        _batches++;
        if (IsDue)
            Write(context, $"evaluation, batch {_batches}{(context.Trainer.PredictionSteps is { } all ? $" of {all}" : "")}");
    }

    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => _batches = 0;

    public void OnLog(CallbackContext context, LogRecord logs) =>
        Write(context, string.Join(", ", logs.Select(record => $"{record.Key} {record.Value.ToString("G5", CultureInfo.InvariantCulture)}")));

    private bool IsDue => _clock.GetElapsedTime(_lastLine) >= _interval;

    private void Write(CallbackContext context, string text)
    {
        context.Trainer.Logger.Info(FormattableString.Invariant($"Step {context.State.GlobalStep:N0} of {context.State.MaxSteps:N0}: {text}"));
        _lastLine = _clock.GetTimestamp();
    }
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
