namespace Microsoft.ML.HfTrainer;

/// <summary>Receives the log of a run and writes it to a file, a tracker or a service. <see cref="ReporterCallback"/> calls it.</summary>
/// <remarks>
/// A reporter registered with <see cref="Reporters.Register"/> can be named in <see cref="TrainingArguments.ReportTo"/>. If it is an <see cref="IDisposable"/>, it is disposed with
/// the trainer that created it.
/// </remarks>
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

    /// <summary>Called with the metrics of a prediction. The default implementation does nothing.</summary>
    /// <param name="metrics">The values by name.</param>
    void ReportPrediction(LogRecord metrics)
    {
    }

    /// <summary>Called when training ends. The default implementation does nothing.</summary>
    void End()
    {
    }

    /// <summary>Called in place of <see cref="End"/> when an exception ends training, or a cancellation does. The default implementation calls <see cref="End"/>.</summary>
    /// <param name="failure">The exception.</param>
    void Fail(Exception failure) => End();
}
