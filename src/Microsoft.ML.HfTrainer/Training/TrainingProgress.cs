using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer;

// What the loop does between updates and at its end: logs, evaluations, the best model, checkpoints, callbacks.
public partial class Trainer
{
    private void LogEvaluateSave(TrainingRun run, bool epochEnds)
    {
        if (Control.ShouldLog && run.Losses.Count > 0)
            Log(new LogRecord { ["loss"] = run.Losses.Take(), ["grad_norm"] = run.GradientNorm, ["learning_rate"] = run.LearningRate }, run.Elapsed);
        if (Control.ShouldEvaluate)
        {
            var improved = RememberBest(EvaluateInTraining(stepSchedule: true));
            if (Args.SaveStrategy == SaveStrategy.Best)
                Control.ShouldSave |= improved;
            Model.train();
        }
        if (epochEnds)
            _random.EndEpoch();
        if (!Control.ShouldSave || Checkpoints.Folder is null)
            return;
        _random.Capture();
        var written = SaveCheckpoint(run);
        Control.ShouldSave = false;
        if (written)
            Notify(c => c.OnSave(_context));
    }

    /// <summary>Adds a record to the log.</summary>
    /// <param name="logs">Values by name.</param>
    /// <param name="elapsed">How long training has run, for the speed of tokens; null: the record is none of its progress.</param>
    protected virtual void Log(LogRecord logs, TimeSpan? elapsed = null)
    {
        logs["epoch"] = State.Epoch;
        if (Args.IncludeNumInputTokensSeen != InputTokensSeen.No)
        {
            logs["num_input_tokens_seen"] = State.NumInputTokensSeen;
            if (elapsed is { } time)
                foreach (var (name, value) in SpeedMetrics.OfTokens("train", time, State.NumInputTokensSeen - _run!.FirstToken))
                    logs[name] = value;
        }
        State.LogHistory.Add(new LogRecord(logs) { ["step"] = State.GlobalStep });
        Control.ShouldLog = false;
        Notify(c => c.OnLog(_context, logs));
    }

    private IReadOnlyDictionary<string, double> EvaluateInTraining(bool stepSchedule)
    {
        IReadOnlyDictionary<string, double> metrics;
        try
        {
            metrics = Evaluate();
        }
        catch (Exception failure) when (Args.AutoFindBatchSize && OutOfMemory.Is(failure))
        {
            throw new InvalidOperationException($"The evaluation after update {State.GlobalStep} ran out of memory. AutoFindBatchSize takes smaller batches in training alone; lower TrainingArguments.PerDeviceEvalBatchSize, which is {Args.PerDeviceEvalBatchSize}.", failure);
        }
        if (stepSchedule && LearningRateScheduler!.StepsByMetric)
            LearningRateScheduler.Step(BestModel.ValueOf(Args.BestMetric!, metrics));
        return metrics;
    }

    private bool RememberBest(IReadOnlyDictionary<string, double> metrics)
    {
        if (Args.BestMetric is not { } metric)
            return false;
        var value = BestModel.ValueOf(metric, metrics);
        if (State.BestMetric is { } best ? !BestModel.IsBetter(Args, value, best) : double.IsNaN(value))
            return false;
        State.BestMetric = value;
        if (Args.SaveStrategy != SaveStrategy.No)
            State.BestGlobalStep = State.GlobalStep;
        return true;
    }

    private bool SaveCheckpoint(TrainingRun run)
    {
        using var saving = TrainerTelemetry.Save.Start(State.GlobalStep);
        if (!Checkpoints.Save(this, new SavedLoop(_random.ToBytes(), _random.EpochStartToBytes(), run.Losses.Sum, run.Losses.LastLogged, run.GradientNorm, run.LearningRate)))
            return false;
        run.SavedStep = State.GlobalStep;
        saving.Done();
        return true;
    }

    private TrainOutput Finish(TrainingRun run)
    {
        var (plan, steps) = (run.Plan, State.GlobalStep - run.FirstStep);
        var planned = Args.MaxSteps > 0 ? (double)Args.MaxSteps * plan.ExamplesPerUpdate : run.Loader.Dataset.Count * Args.NumTrainEpochs;
        var loss = run.Losses.Total / Math.Max(steps, 1);
        var metrics = new LogRecord(SpeedMetrics.Of("train", run.Elapsed, planned * steps / plan.MaxSteps, steps)) { ["total_flos"] = State.TotalFlos, ["train_loss"] = loss };
        Log(metrics);
        if (Args.LoadBestModelAtEnd)
            Checkpoints.LoadBest(this);
        Checkpoints.Finish(State, Logger);
        Notify(c => c.OnTrainEnd(_context));
        return new TrainOutput(State.GlobalStep, loss, metrics);
    }

    /// <summary>Calls every callback in order.</summary>
    private void Notify(Action<ITrainerCallback> call)
    {
        // A callback may remove itself.
        foreach (var callback in _callbacks.ToArray())
            Named($"The callback {callback.GetType().Name}", () => call(callback));
    }

    private void RestoreConsole()
    {
        foreach (var progress in _callbacks.OfType<ProgressCallback>())
            progress.Dispose();
    }

    // What fails names itself; the updates made are saved first. Settings that a callback finds wrong before training speak for themselves.
    private void Named(string who, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is not OperationCanceledException && (_run is { HasBegun: true } || failure is not ArgumentException))
        {
            var saved = _run is { } run && SaveBeforeFailing(run) ? $" What was trained is saved in '{Checkpoints.Folder}'; Train(resumeFromCheckpoint: true) goes on from there." : "";
            throw new InvalidOperationException($"{who} failed at update {State.GlobalStep}: {failure.Message}{saved}", failure);
        }
    }

    private bool SaveBeforeFailing(TrainingRun run)
    {
        if (Args.OutputDir is null || Args.SaveStrategy == SaveStrategy.No)
            return false;
        if (run.HasStepped)
            CompleteUpdate(run);
        try
        {
            // The random state is that of the last whole update.
            return State.GlobalStep > 0 && (run.SavedStep == State.GlobalStep || SaveCheckpoint(run));
        }
        catch (IOException failure)
        {
            // What failed first is the one to be thrown.
            Logger.Warning(failure.Message);
            return false;
        }
    }
}
