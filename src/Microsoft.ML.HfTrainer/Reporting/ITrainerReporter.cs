namespace Microsoft.ML.HfTrainer;

/// <summary>Receives the log of a run and writes it to a file, a tracker or a service. <see cref="ReporterCallback"/> calls it.</summary>
/// <remarks>A reporter registered with <see cref="Reporters.Register"/> can be named in <see cref="TrainingArguments.ReportTo"/>.</remarks>
public interface ITrainerReporter
{
    /// <summary>
    /// Called when training begins or resumes from a checkpoint. A resumed run repeats the updates after <see cref="ReportedRun.GlobalStep"/>, so that records reported
    /// for later steps are void.
    /// </summary>
    /// <param name="run">The run.</param>
    void Begin(ReportedRun run);

    /// <summary>Called when values are logged. An evaluation outside training logs before <see cref="Begin"/>, after <see cref="End"/>, or without either.</summary>
    /// <param name="logs">The values by name.</param>
    /// <param name="step">The number of updates made so far.</param>
    void Report(LogRecord logs, int step);

    /// <summary>Called when training ends. The default implementation does nothing.</summary>
    void End()
    {
    }
}
