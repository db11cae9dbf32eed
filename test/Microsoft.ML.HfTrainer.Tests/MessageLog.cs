using Microsoft.Extensions.Logging;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Keeps the messages of a trainer.</summary>
internal sealed class MessageLog : ILogger
{
    public List<string> Infos { get; } = [];

    public List<string> Warnings { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        (logLevel == LogLevel.Warning ? Warnings : Infos).Add(formatter(state, exception));
}
