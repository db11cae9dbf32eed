using Microsoft.Extensions.Logging;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Writes finished sentences to a logger: braces in file names and messages are not placeholders.</summary>
internal static class LoggerMessages
{
    public static void Info(this ILogger logger, string message) => logger.Log(LogLevel.Information, default, message, null, Text);

    public static void Warning(this ILogger logger, string message) => logger.Log(LogLevel.Warning, default, message, null, Text);

    private static string Text(string message, Exception? exception) => message;
}
