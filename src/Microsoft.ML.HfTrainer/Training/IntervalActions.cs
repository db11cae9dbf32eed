using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>What a training run does between updates and at its end: logs, evaluates, remembers the best evaluation, saves checkpoints.</summary>
internal sealed class IntervalActions(RunContext context, TrainingRun run)
{
    /// <summary>Does what <see cref="TrainerControl"/> asks for.</summary>
    /// <param name="epochEnds">true at the end of an epoch, false after an update.</param>
    public void LogEvaluateSave(bool epochEnds)
    {
        var (control, random) = (context.Control, context.Source.Random);
        if (control.ShouldLog && run.Losses.Count > 0)
            context.Hooks.Log(new LogRecord { ["loss"] = run.Losses.TakeMean(), ["grad_norm"] = run.ReadGradientNorm(), ["learning_rate"] = run.LearningRate }, run.Elapsed);
        control.ShouldLog = false;
        if (control.ShouldEvaluate)
        {
            var improved = RememberBest(Evaluate(stepSchedule: true));
            control.ShouldEvaluate = false;
            if (context.Args.SaveStrategy == SaveStrategy.Best)
                control.ShouldSave |= improved;
            context.Model.train();
        }
        if (epochEnds)
            random.EndEpoch();
        context.CaptureRandom();
        if (!control.ShouldSave || context.Checkpoints.Folder is null)
            return;
        var written = SaveCheckpoint();
        control.ShouldSave = false;
        if (written)
            context.Notify(c => c.OnSave(context.Events));
    }

    /// <summary>Evaluates the evaluation set.</summary>
    /// <param name="stepSchedule">true to pass the metric on to a schedule that follows one.</param>
    public IReadOnlyDictionary<string, double> Evaluate(bool stepSchedule)
    {
        IReadOnlyDictionary<string, double> metrics;
        var records = context.State.LogHistory.Count;
        try
        {
            metrics = context.Hooks.Evaluate();
        }
        catch (OperationCanceledException)
        {
            // Of several evaluation sets some may have been evaluated: a resumed run evaluates all.
            context.State.LogHistory.RemoveRange(records, context.State.LogHistory.Count - records);
            context.Control.ShouldEvaluate = true;
            throw;
        }
        catch (Exception failure) when (context.Args.AutoFindBatchSize && OutOfMemory.Is(failure))
        {
            throw new InvalidOperationException($"The evaluation after update {context.State.GlobalStep} ran out of memory. AutoFindBatchSize takes smaller batches in training alone; lower TrainingArguments.PerDeviceEvalBatchSize, which is {context.Args.PerDeviceEvalBatchSize}.", failure);
        }
        if (stepSchedule && context.Scheduler!.StepsByMetric)
            context.Scheduler.Step(BestModel.ValueOf(context.Args.BestMetric!, metrics));
        return metrics;
    }

    /// <summary>Saves a checkpoint of the last update; only the main process writes it.</summary>
    /// <returns>false if it could not be written and training goes on without it.</returns>
    public bool SaveCheckpoint()
    {
        using var saving = TrainerTelemetry.Save.Start(context.State.GlobalStep);
        var random = context.Source.Random;
        var (epochStart, control) = (random.EpochStart, context.Control);
        var loop = new SavedLoop(random.Captured, epochStart, context.CollatorState)
        {
            LossSum = run.Losses.ReadSum(),
            LastLogged = run.Losses.LastLogged,
            GradientNorm = run.ReadGradientNorm(),
            LearningRate = run.LearningRate,
            Position = run.Position(betweenEpochs: epochStart is null),
            // What is due at the end of an epoch is due again when the resumed run comes to it.
            IsEpochStopped = control.ShouldEpochStop && !run.IsEpochEnding,
            IsLogPending = control.ShouldLog && !run.IsEpochEnding,
            IsEvaluationPending = control.ShouldEvaluate && !run.IsEpochEnding,
        };
        var loops = context.Communicator.GatherBytes(SavedProgress.Pack(loop));
        if (context.Communicator.Any(context.Communicator.IsMain && !context.Checkpoints.Save(context, loops)))
            return false;
        context.Checkpoints.PointToBest(context.State);
        run.Saved(context.State.GlobalStep, context.Checkpoints.PathOf(context.State.GlobalStep));
        saving.Done();
        return true;
    }

    /// <summary>Logs the totals of the run and restores the best weights, if the arguments ask for them.</summary>
    public TrainOutput Finish()
    {
        var (plan, steps) = (run.Plan, context.State.GlobalStep - run.FirstStep);
        var planned = context.Args.MaxSteps > 0 ? (double)context.Args.MaxSteps * plan.ExamplesPerUpdate : run.Loader.Dataset.Count * context.Args.NumTrainEpochs;
        var loss = run.Losses.ReadTotal() / Math.Max(steps, 1);
        var metrics = new LogRecord(SpeedMetrics.Of("train", run.Elapsed, planned * steps / plan.MaxSteps, steps)) { ["total_flos"] = context.State.TotalFlos, ["train_loss"] = loss };
        context.Hooks.Log(metrics, null);
        if (context.Args.LoadBestModelAtEnd)
            context.Checkpoints.LoadBest(context);
        if (context.Communicator.IsMain)
            context.Checkpoints.Finish(context);
        context.Notify(c => c.OnTrainEnd(context.Events));
        return new TrainOutput(context.State.GlobalStep, loss, metrics);
    }

    private bool RememberBest(IReadOnlyDictionary<string, double> metrics)
    {
        if (context.Args.BestMetric is not { } metric)
            return false;
        var (state, value) = (context.State, BestModel.ValueOf(metric, metrics));
        if (state.BestMetric is { } best ? !BestModel.IsBetter(context.Args, value, best) : double.IsNaN(value))
            return false;
        state.BestMetric = value;
        if (context.Args.SaveStrategy != SaveStrategy.No)
            state.BestGlobalStep = state.GlobalStep;
        return true;
    }
}
