using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Precision;
using Microsoft.ML.HfTrainer.Training;
using Microsoft.ML.HfTrainer.Training.Callbacks;
using TorchSharp;

namespace Microsoft.ML.HfTrainer;

// The training loop, top to bottom: a run, an epoch, an update. What one micro-batch does stands in TrainingStep.cs.
public partial class Trainer
{
    private TrainingRun? _run;
    private TrainingMode? _mode;

    /// <summary>Trains the model from where the newest checkpoint of <see cref="TrainingArguments.OutputDir"/> stands that is whole.</summary>
    /// <param name="resumeFromCheckpoint">False: from the beginning.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    public TrainOutput Train(bool resumeFromCheckpoint) => Train(resumeFromCheckpoint ? Checkpoints.Newest(Logger) : null);

    /// <summary>Trains the model.</summary>
    /// <param name="resumeFromCheckpoint">The checkpoint to go on from: weights, optimizer, schedule, position in the data, random numbers; null: from the beginning.</param>
    /// <returns>Updates made, mean loss and speed.</returns>
    /// <exception cref="OperationCanceledException">The settings' cancellation token was cancelled; the model keeps the updates made.</exception>
    public TrainOutput Train(string? resumeFromCheckpoint = null)
    {
        CheckBeforeTraining();
        RenewModel();
        using var training = TrainerTelemetry.Train.Start(State.GlobalStep);
        using var random = _random.Use();
        using var mode = _mode = new TrainingMode(Model, Args, Precision);
        var run = _run = Begin(resumeFromCheckpoint);
        try
        {
            Notify(c => c.OnTrainBegin(_context));
            run.HasBegun = true;
            if (Args.EvalOnStart)
                EvaluateInTraining(stepSchedule: false);
            for (; run.Epoch < run.Plan.Epochs && !Control.ShouldTrainingStop; run.NextEpoch())
                TrainEpoch(run);
            var output = Finish(run);
            training.Done();
            return output;
        }
        catch
        {
            RestoreConsole();
            throw;
        }
        finally
        {
            foreach (var signals in _callbacks.OfType<SignalCallback>())
                signals.Dispose();
            _run = null;
            Optimizer!.ZeroGrad();
            Model.eval();
        }
    }

    // A run that saves before it ends does so after an update and its evaluation, never within them.
    private CancellationToken Interruption => _run is not null && Args.EnableJitCheckpoint ? default : Args.CancellationToken;

    private TrainingRun Begin(string? checkpoint)
    {
        Checkpoints.Prepare(Logger);
        // Parameters are new objects after a move to another device: the optimizer comes afterwards.
        Model.to(Device);
        (Model as PretrainedModel)?.UseRandomStream(Args.RandomStream);
        TrainBatchSize = Args.PerDeviceTrainBatchSize;
        var loader = GetTrainDataLoader();
        var plan = StepPlan.Make(Args, loader);
        TrainingFaults.Check(Args, plan);
        MakeOptimizer(plan.MaxSteps);
        State.Begin(Args, plan);
        Control.ShouldTrainingStop = false;
        _random.EndEpoch();
        var saved = checkpoint is null ? null : Checkpoints.Restore(this, checkpoint, plan);
        Logger.Info($"Training: {(loader.Dataset.KnownCount is { } count ? $"{count:N0} examples, {plan.Epochs} epochs" : "a stream of examples")}, {plan.MaxSteps:N0} updates of {plan.ExamplesPerUpdate} examples, {Model.parameters().Where(p => p.requires_grad).Sum(p => p.numel()):N0} trainable parameters on {Device}.");
        return new TrainingRun(loader, plan, State, Args, saved);
    }

    private void TrainEpoch(TrainingRun run)
    {
        Control.ShouldEpochStop = false;
        Notify(c => c.OnEpochBegin(_context));
        var before = State.GlobalStep;
        for (var done = false; !done;)
        {
            try
            {
                TrainUpdates(run);
                done = true;
            }
            catch (Exception failure) when (Args.AutoFindBatchSize && OutOfMemory.Is(failure) && TakeSmallerBatches(run))
            {
                Optimizer!.ZeroGrad();
            }
        }
        if (State.GlobalStep == before && run.UpdateInEpoch == 0)
        {
            Logger.Warning($"Epoch {run.Epoch + 1} has no batch; training ends after {State.GlobalStep:N0} of {State.MaxSteps:N0} updates.");
            Control.ShouldTrainingStop = true;
        }
        Notify(c => c.OnEpochEnd(_context));
        LogEvaluateSave(run, epochEnds: true);
    }

    private void TrainUpdates(TrainingRun run)
    {
        Model.train();
        // Within an epoch its order is drawn again from where it was drawn; the numbers after it go on from where they stood.
        if ((run.UpdateInEpoch == 0 ? run.Saved?.Random : run.Saved?.EpochStart) is { } start)
            _random.Restore(start);
        _random.BeginEpoch();
        using var batches = run.Loader.Epoch(run.Epoch, run.UpdateInEpoch * run.Plan.AccumulationSteps, Interruption).GetEnumerator();
        if (run.Saved is { } within && run.UpdateInEpoch > 0)
            _random.Restore(within.Random);
        run.Saved = null;
        while (!Control.ShouldEpochStop && !Control.ShouldTrainingStop && TakeGroup(batches, run.Plan) is { Count: > 0 } group)
        {
            try
            {
                TrainUpdate(group, run);
            }
            finally
            {
                group.ForEach(batch => batch.Dispose());
            }
            Notify(c => c.OnStepEnd(_context));
            LogEvaluateSave(run, epochEnds: false);
            Args.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    // All micro-batches of an update are there before the first is computed: their labels are counted over the whole update.
    private List<Batch> TakeGroup(IEnumerator<Batch> batches, StepPlan plan)
    {
        var group = new List<Batch>(plan.AccumulationSteps);
        while (group.Count < plan.AccumulationSteps && batches.MoveNext())
            group.Add(Counted(batches.Current));
        if (Args.LossNormalization == LossNormalization.Update && HasLabelsByExample(group))
            group.ForEach(batch => batch.OwnLabelCount = batch.Size);
        var labels = group.Sum(b => b.OwnLabelCount);
        foreach (var batch in group)
            batch.LabelCount = labels > 0 ? labels : null;
        return group;
    }

    // Such labels as the two positions of an answer are one for each example; collators count none.
    private bool HasLabelsByExample(List<Batch> group) =>
        Model is PretrainedModel { LabelNames: { Count: > 0 } names } && !names.Contains(Batch.Labels) && group.TrueForAll(batch => names.All(batch.ContainsKey));

    private void TrainUpdate(List<Batch> group, TrainingRun run)
    {
        Control.BeginStep();
        Notify(c => c.OnStepBegin(_context));
        var losses = new double[group.Count];
        for (var i = 0; i < group.Count; i++)
        {
            losses[i] = TrainingStep(OnDevice(group[i], packed: Args.RandomStream == RandomStream.Fast), group.Count);
            if (i < group.Count - 1)
                Notify(c => c.OnSubstepEnd(_context));
        }
        // Counted only now: an update whose micro-batches do not fit the memory is made again with smaller ones.
        foreach (var (loss, batch) in losses.Zip(group))
        {
            run.Losses.Add(loss, State.GlobalStep + 1, Logger);
            State.TotalFlos += FloatingPointOperations(batch);
            State.NumInputTokensSeen += CountTokens(batch);
        }
        var finite = Precision.Unscale(Model);
        run.GradientNorm = ClipGradients();
        Notify(c => c.OnPreOptimizerStep(_context));
        if (finite)
            Optimizer!.Step();
        Precision.Scaler?.Update(finite);
        run.Stepped(group.Count, finite);
        Notify(c => c.OnOptimizerStep(_context));
        CompleteUpdate(run);
    }

    private void CompleteUpdate(TrainingRun run)
    {
        run.LearningRate = Optimizer!.Groups[0].LearningRate;
        if (run.OptimizerStepped && !LearningRateScheduler!.StepsByMetric)
            LearningRateScheduler.Step();
        Optimizer.ZeroGrad();
        State.GlobalStep++;
        State.Epoch = run.Epoch + run.StepInEpoch / (double)run.Plan.StepsPerEpoch;
        run.Counted();
        _random.Capture();
    }

    // The update that ran out of memory is made again, of the same examples.
    private bool TakeSmallerBatches(TrainingRun run)
    {
        if (run.Plan.Smaller() is not { } smaller)
            return false;
        Logger.Warning($"A micro-batch of {run.Plan.BatchSize} examples does not fit the memory; training goes on with {smaller.BatchSize}, {smaller.AccumulationSteps} of them an update.");
        TrainBatchSize = smaller.BatchSize;
        var loader = GetTrainDataLoader();
        var plan = StepPlan.Make(Args, loader, smaller.AccumulationSteps);
        run.Continue(loader, plan with { MaxSteps = run.Plan.MaxSteps, Epochs = run.Plan.Epochs });
        State.TrainBatchSize = smaller.BatchSize;
        // The epoch keeps its order, and the update its random numbers.
        run.Saved = new SavedLoop(_random.ToBytes(), _random.EpochStartToBytes());
        return true;
    }
}
