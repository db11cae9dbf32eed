namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Hands the log of a run to reporters. The trainer makes one for those in <see cref="TrainingArguments.ReportTo"/>, which stands after
/// <see cref="DefaultFlowCallback"/> and before a user's callbacks; others can be handed to it as a callback.
/// </summary>
/// <param name="reporters">The reporters, in the order in which they are called.</param>
public sealed class ReporterCallback(params IReadOnlyList<ITrainerReporter> reporters) : ITrainerCallback
{
    /// <summary>What reports a run by its settings; empty where nothing does.</summary>
    /// <exception cref="ArgumentException">A reporter is not known, or needs a folder that is not set.</exception>
    internal static IEnumerable<ITrainerCallback> For(TrainingArguments arguments) =>
        Reporters.For(arguments) is { Count: > 0 } reporters ? [new ReporterCallback(reporters)] : [];

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context)
    {
        foreach (var reporter in reporters)
            reporter.Begin(context);
    }

    /// <inheritdoc/>
    public void OnLog(CallbackContext context, LogRecord logs)
    {
        foreach (var reporter in reporters)
            reporter.Report(context, logs);
    }

    /// <inheritdoc/>
    public void OnTrainEnd(CallbackContext context)
    {
        foreach (var reporter in reporters)
            reporter.End(context);
    }
}
