using System.Text;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Passes the log of a run to reporters. The trainer creates one for the reporters in <see cref="TrainingArguments.ReportTo"/>, which is called after
/// <see cref="DefaultFlowCallback"/> and before the callbacks of the user; another one can be given to the trainer as a callback.
/// </summary>
/// <remarks>A reporter that cannot write to its file or reach its tracker does not end training: each failure of a reporter is logged once, as a warning.</remarks>
/// <param name="reporters">The reporters, in the order in which they are called.</param>
public sealed class ReporterCallback(params IReadOnlyList<ITrainerReporter> reporters) : ITrainerCallback
{
    private readonly HashSet<(ITrainerReporter, string)> _failures = [];

    /// <summary>Creates the callback that the arguments ask for; none if they name no reporter.</summary>
    /// <exception cref="ArgumentException">A reporter is unknown, or needs a folder that is not set.</exception>
    internal static IEnumerable<ITrainerCallback> For(TrainingArguments arguments) =>
        Reporters.For(arguments.ToReporterSettings()) is { Count: > 0 } reporters ? [new ReporterCallback(reporters)] : [];

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context)
    {
        var run = Describe(context);
        Call(context, reporter => reporter.Begin(run));
    }

    /// <inheritdoc/>
    public void OnLog(CallbackContext context, LogRecord logs) => Call(context, reporter => reporter.Report(logs, context.State.GlobalStep));

    /// <inheritdoc/>
    public void OnPredict(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => Call(context, reporter => reporter.ReportPrediction(new LogRecord(metrics)));

    /// <inheritdoc/>
    public void OnTrainEnd(CallbackContext context) => Call(context, reporter => reporter.End());

    /// <summary>Tells the reporters that an exception has ended training.</summary>
    internal void OnTrainFailed(CallbackContext context, Exception failure) => Call(context, reporter => reporter.Fail(failure));

    /// <summary>Disposes the reporters, with the trainer that created them.</summary>
    internal void Dispose(CallbackContext context) => Call(context, reporter => (reporter as IDisposable)?.Dispose());

    private void Call(CallbackContext context, Action<ITrainerReporter> call)
    {
        foreach (var reporter in reporters)
        {
            try
            {
                call(reporter);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (_failures.Add((reporter, failure.Message)))
                    context.Trainer.Logger.Warning($"{reporter.GetType().Name} cannot write the log at update {context.State.GlobalStep}: {failure.Message.TrimEnd('.')}. Training continues; the reporter is called again for each record.");
            }
        }
    }

    private static ReportedRun Describe(CallbackContext context) => new()
    {
        GlobalStep = context.State.GlobalStep,
        LogHistory = context.State.LogHistory,
        RunName = context.Arguments.RunName,
        TrialName = context.State.TrialName,
        Arguments = Encoding.UTF8.GetString(context.Arguments.ToJson()),
        ModelConfig = ITrainableModel.Of(context.Trainer.Model).SavedConfig() is { } config ? Encoding.UTF8.GetString(config.ToJson()) : null,
        ParameterCount = context.Trainer.Model.parameters().Sum(parameter => parameter.numel()),
    };
}
