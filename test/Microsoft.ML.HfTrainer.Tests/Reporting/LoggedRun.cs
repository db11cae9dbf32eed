namespace Microsoft.ML.HfTrainer.Tests.Reporting;

/// <summary>A short training run that logs each update and evaluates after each epoch, with reporters.</summary>
internal sealed class LoggedRun : IDisposable
{
    private readonly PretrainedModel _model = TinyBert.Model();

    public LoggedRun(params ITrainerReporter[] reporters)
    {
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, LoggingSteps = 1, EvalStrategy = IntervalStrategy.Epoch };
        Trainer = new Trainer(
            _model, args, TinyBert.Data(12), TinyBert.Data(5), dataCollator: TinyBert.Collator, computeMetrics: EvalMetrics.Accuracy,
            callbacks: [new ReporterCallback(reporters)]);
        if (reporters.Length > 0)
            Trainer.Train();
    }

    public Trainer Trainer { get; }

    /// <summary>The run as reporters see it when it resumes after so many updates, with the records of the log up to there.</summary>
    public ReportedRun At(int step) => new() { GlobalStep = step, LogHistory = [.. Trainer.State.LogHistory.TakeWhile(record => record["step"] <= step)] };

    public void Dispose()
    {
        Trainer.Dispose();
        _model.Dispose();
    }
}
