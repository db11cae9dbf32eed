namespace Microsoft.ML.HfTrainer;

/// <summary>Takes the log of a run somewhere: to a file, a tracker, a service. <see cref="ReporterCallback"/> drives it.</summary>
/// <remarks>A reporter that is registered with <see cref="Reporters.Register"/> can be named in <see cref="TrainingArguments.ReportTo"/>.</remarks>
public interface ITrainerReporter
{
    /// <summary>
    /// Training begins, or goes on from a checkpoint: <see cref="TrainerState.GlobalStep"/> updates were made before, whose records are in
    /// <see cref="TrainerState.LogHistory"/>. What was reported beyond them is void, since those updates are made again.
    /// </summary>
    void Begin(CallbackContext context);

    /// <summary>
    /// Values were logged. An evaluation by itself logs outside training: before <see cref="Begin"/>, after <see cref="End"/>, or without them.
    /// </summary>
    /// <param name="context">The run; the record belongs to its <see cref="TrainerState.GlobalStep"/>.</param>
    /// <param name="logs">The values, by the names under which they were logged.</param>
    void Report(CallbackContext context, LogRecord logs);

    /// <summary>Training ended.</summary>
    void End(CallbackContext context)
    {
    }
}
