namespace Microsoft.ML.HfTrainer.Tests.Reporting;

/// <summary>A short training that logs each update and evaluates after each epoch, with reporters.</summary>
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

    /// <summary>What reporters see of the run after so many updates, with the records of the log up to there.</summary>
    public CallbackContext At(int step)
    {
        var state = new TrainerState { GlobalStep = step };
        state.LogHistory.AddRange(Trainer.State.LogHistory.TakeWhile(record => record["step"] <= step));
        return new CallbackContext(Trainer, Trainer.Args, state, Trainer.Control);
    }

    public void Dispose()
    {
        Trainer.Dispose();
        _model.Dispose();
    }
}
