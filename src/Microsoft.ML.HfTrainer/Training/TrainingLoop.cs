using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Reporting;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The training loop, from top to bottom: a run of epochs, an epoch of updates, an update of micro-batches.</summary>
internal sealed class TrainingLoop : RunMode
{
    private readonly RunContext _context;
    private readonly TrainingRun _run;
    private readonly TrainingFeatures _features;
    private readonly IntervalActions _actions;
    private readonly LabelCounter _labels;
    private readonly WorkCounter _work;
    private readonly StopRequest _stop;
    private bool _hasBegun;

    private TrainingLoop(RunContext context, TrainingRun run, TrainingFeatures features, StopRequest stop)
    {
        (_context, _run, _features, _stop) = (context, run, features, stop);
        _actions = new IntervalActions(context, run);
        _labels = new LabelCounter(context.Args, context.Source.Description, context.Communicator);
        _work = new WorkCounter(context.Args, context.Model, context.Trainer.Tokenizer?.PadTokenId);
    }

    /// <summary>Trains the model.</summary>
    /// <param name="context">What the run works with.</param>
    /// <param name="checkpoint">The checkpoint to resume from; null to begin a new run.</param>
    /// <param name="cancellation">Ends the run: after the current update, or within an evaluation or a wait for data.</param>
    public static TrainOutput Run(RunContext context, string? checkpoint, CancellationToken cancellation)
    {
        using var training = TrainerTelemetry.Train.Start(context.State.GlobalStep);
        using var random = context.Source.Random.Use();
        using var features = new TrainingFeatures(context.Model, context.Args, context.Precision);
        using var run = TrainingRun.Begin(context, checkpoint);
        using var stop = new StopRequest(context.Args, cancellation);
        var loop = new TrainingLoop(context, run, features, stop);
        var output = context.RunIn(loop, loop.Run);
        training.Done();
        return output;
    }

    private TrainOutput Run()
    {
        try
        {
            _context.Notify(c => c.OnTrainBegin(_context.Events));
            _hasBegun = true;
            if (_context.Args.EvalOnStart)
                _actions.Evaluate(stepSchedule: false);
            _context.CaptureRandom();
            for (; _run.Epoch < _run.Plan.Epochs && !_context.Control.ShouldTrainingStop; _run.NextEpoch())
                TrainEpoch();
            return _actions.Finish();
        }
        catch (Exception failure)
        {
            _context.RestoreConsole();
            _context.ReportFailure(failure);
            if (failure is OperationCanceledException canceled && _context.Args.EnableJitCheckpoint)
                throw _stop.Exception(SaveBeforeStopping(), canceled);
            throw;
        }
        finally
        {
            _context.Optimizer!.ZeroGrad();
            _context.Model.eval();
        }
    }

    private void TrainEpoch()
    {
        var (state, control) = (_context.State, _context.Control);
        control.ShouldEpochStop = false;
        _context.Notify(c => c.OnEpochBegin(_context.Events));
        var before = state.GlobalStep;
        while (!TryTrainUpdates())
            _context.Optimizer!.ZeroGrad();
        if (state.GlobalStep == before && _run.UpdateInEpoch == 0 && before < _run.Plan.MaxSteps)
        {
            if (before == 0)
                throw new ArgumentException($"There is nothing to train on: the dataset gives no batch of {_run.Loader.BatchSize} examples.");
            _context.Logger.Warning(FormattableString.Invariant($"Epoch {_run.Epoch + 1} has no batch; training ends after {state.GlobalStep:N0} of {state.MaxSteps:N0} updates."));
            control.ShouldTrainingStop = true;
        }
        _run.IsEpochEnding = true;
        _context.Notify(c => c.OnEpochEnd(_context.Events));
        control.Agree(_context.Communicator);
        _actions.LogEvaluateSave(epochEnds: true);
    }

    // False if memory ran out, and the rest of the epoch is to be trained with smaller micro-batches.
    private bool TryTrainUpdates()
    {
        try
        {
            TrainUpdates();
            return true;
        }
        catch (TooLargeException failure)
        {
            TakeSmallerBatches(failure.InnerException!);
            return false;
        }
    }

    // Runs a part of an update that needs less memory with smaller micro-batches, and that can be repeated: it changes neither weights nor state.
    private T Fitting<T>(Func<T> part)
    {
        try
        {
            return part();
        }
        catch (Exception failure) when (_context.Args.AutoFindBatchSize && OutOfMemory.Is(failure) && _run.Plan.Smaller() is not null)
        {
            throw new TooLargeException(failure);
        }
    }

    private void TrainUpdates()
    {
        var (state, control, random) = (_context.State, _context.Control, _context.Source.Random);
        _context.Model.train();
        // A resumed epoch draws its order again from the state at its beginning; the numbers of its next update continue from the state at the checkpoint.
        var resumed = _run.Resumed;
        if (resumed is not null && _run.UpdateInEpoch == 0)
            _context.RestoreRandom(resumed);
        else if (resumed?.EpochStart is { } start)
            random.Restore(start);
        random.BeginEpoch();
        using var batches = _run.Loader.Epoch(_run.Epoch, (long)_run.UpdateInEpoch * _run.Plan.AccumulationSteps, Cancellation).GetEnumerator();
        if (resumed is not null && _run.UpdateInEpoch > 0)
            _context.RestoreRandom(resumed);
        _run.Resumed = null;
        control.ShouldEpochStop |= resumed is { IsEpochStopped: true };
        if (resumed is { IsLogPending: true } or { IsEvaluationPending: true })
        {
            // The checkpoint is written again, with what is done now.
            (control.ShouldLog, control.ShouldEvaluate, control.ShouldSave) = (resumed.IsLogPending, resumed.IsEvaluationPending, true);
            _actions.LogEvaluateSave(epochEnds: false);
        }
        while (!control.ShouldEpochStop && !control.ShouldTrainingStop && state.GlobalStep < _run.Plan.MaxSteps)
        {
            using (var group = Fitting(() => AccumulationGroup.Take(batches, _run.Plan.AccumulationSteps, _labels, _work)))
            {
                if (group.Count == 0)
                    return;
                Update(group);
            }
            _context.Notify(c => c.OnStepEnd(_context.Events));
            control.Agree(_context.Communicator);
            _actions.LogEvaluateSave(epochEnds: false);
            if (_context.Communicator.Any(Cancellation.IsCancellationRequested))
                throw new OperationCanceledException(Cancellation);
        }
    }

    private void Update(AccumulationGroup group)
    {
        _context.Control.BeginStep();
        if (_context.Args.DdpBroadcastBuffers != false)
            _context.Communicator.Broadcast([.. _context.Model.buffers()]);
        _context.Notify(c => c.OnStepBegin(_context.Events));
        foreach (var (index, microBatch) in group.MicroBatches.Index())
        {
            using (RandomState.TakeTurn())
                microBatch.Loss = Fitting(() => _context.Hooks.TrainingStep(_context.OnDevice(microBatch.Batch), group.Count).DetachFromDisposeScope());
            if (index < group.Count - 1)
                _context.Notify(c => c.OnSubstepEnd(_context.Events));
        }
        var (finite, norm) = Fitting(ReduceAndClipGradients);
        using (norm)
        {
            _context.Notify(c => c.OnPreOptimizerStep(_context.Events));
            if (finite)
                Step();
            _context.Precision.Scaler?.Update(finite);
            _run.Stepped(group.Count, finite);
            Count(group, norm);
        }
        _context.Notify(c => c.OnOptimizerStep(_context.Events));
        CompleteUpdate();
    }

    private void Step()
    {
        try
        {
            _context.Optimizer!.Step();
        }
        catch (Exception failure) when (_context.Args.AutoFindBatchSize && OutOfMemory.Is(failure))
        {
            throw new InvalidOperationException(
                $"The optimizer ran out of memory in update {_context.State.GlobalStep + 1}. AutoFindBatchSize does not help, since the optimizer needs the same memory for smaller " +
                "batches, and some weights may be updated already; choose an optimizer with less state (TrainingArguments.Optim, such as adafactor or sgd) or a smaller model.", failure);
        }
    }

    // Only after the step: an update that fails before, or is made again with smaller micro-batches, does not count.
    private void Count(AccumulationGroup group, Tensor? norm)
    {
        _run.SetGradientNorm(norm);
        foreach (var microBatch in group.MicroBatches)
            _run.Losses.Add(microBatch.Loss!, _context.State.GlobalStep + 1);
        // Float64 holds both exactly.
        using var work = tensor([group.MicroBatches.Sum(m => m.Operations), group.MicroBatches.Sum(m => m.Tokens)]);
        _context.Communicator.AllReduce([work], ReduceOperation.Sum);
        _context.State.TotalFlos += work.data<double>()[0];
        _context.State.NumInputTokensSeen += (long)work.data<double>()[1];
    }

    // Returns false if float16 gradients overflowed, and the norm of the gradients; null if there are none.
    private (bool Finite, Tensor? Norm) ReduceAndClipGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var gradients = GradientExchange.Reduce(_context.Model.parameters(), _context.Communicator, _context.Args.DdpBucketCapMb ?? GradientExchange.DefaultBucketMegabytes);
        var finite = _context.Precision.Unscale(gradients, _context.Communicator);
        var norm = GradientClipping.Clip(gradients, _context.Args.MaxGradNorm, _context.Communicator);
        if (_context.Args.AutoFindBatchSize)
            _context.Optimizer!.PrepareStep();
        return (finite, norm?.DetachFromDisposeScope());
    }

    private void CompleteUpdate()
    {
        var (optimizer, state) = (_context.Optimizer!, _context.State);
        _run.LearningRate = optimizer.Groups[0].LearningRate;
        if (_run.OptimizerStepped && !_context.Scheduler!.StepsByMetric)
            _context.Scheduler.Step();
        optimizer.ZeroGrad();
        state.GlobalStep++;
        state.Epoch = _run.Epoch + _run.StepInEpoch / (double)_run.Plan.StepsPerEpoch;
        _run.Counted();
        _context.CaptureRandom();
    }

    // The update that ran out of memory is made again, with the same examples and random numbers, and the epoch keeps its order.
    private void TakeSmallerBatches(Exception failure)
    {
        var smaller = _run.Plan.Smaller()!.Value;
        _context.Logger.Warning($"A micro-batch of {_run.Plan.BatchSize} examples does not fit the memory; training goes on with {smaller.BatchSize}, {smaller.AccumulationSteps} of them an update.");
        _context.TrainBatchSize = smaller.BatchSize;
        var loader = _context.Hooks.GetTrainDataLoader();
        if (loader.BatchSize != smaller.BatchSize)
            throw new InvalidOperationException(
                $"Memory is short, and the overridden GetTrainDataLoader returns batches of {loader.BatchSize} examples, not of {smaller.BatchSize}; use TrainBatchSize there, or set " +
                "TrainingArguments.AutoFindBatchSize to false.", failure);
        loader.DropUnit = _run.Loader.DropUnit;
        var plan = StepPlan.Make(_context.Args, loader, _run.Plan.WorldSize, smaller.AccumulationSteps);
        _run.ContinueWith(loader, plan with { MaxSteps = _run.Plan.MaxSteps, Epochs = _run.Plan.Epochs });
        _context.State.TrainBatchSize = smaller.BatchSize;
        var random = _context.Source.Random;
        _run.Resumed = new SavedLoop(random.Captured, random.EpochStart, _context.CollatorState);
    }

    public override CancellationToken Cancellation => _stop.Token;

    public override long FirstToken => _run.FirstToken;

    public override void Backward(Tensor loss) => _features.Backward(loss);

    // The model, the random numbers and the precision are those of training.
    public override T Evaluate<T>(Func<T> evaluation) => evaluation();

    // Arguments that a callback refuses before training begins are the user's own mistake, and its exception says so.
    public override bool Wraps(Exception failure) => _hasBegun || failure is not ArgumentException;

    public override bool SaveBeforeFailing()
    {
        try
        {
            // A checkpoint needs all processes, of which this one may be the only one that fails.
            return _context.Communicator.WorldSize == 1 && _context.Args.OutputDir is not null && _context.Args.SaveStrategy != SaveStrategy.No && IsSaved();
        }
        catch (IOException failure)
        {
            // The first failure is the one to report.
            _context.Logger.Warning(failure.Message);
            return false;
        }
    }

    // Saves the updates made so far unless they are saved. The random state in the checkpoint is that of the last whole update.
    private bool IsSaved()
    {
        if (_run.HasStepped)
        {
            CompleteUpdate();
            // What is due after the update is done when the run is resumed.
            foreach (var flow in _context.Callbacks.All.OfType<DefaultFlowCallback>())
                flow.OnStepEnd(_context.Events);
        }
        return _context.State.GlobalStep > 0 && (_run.SavedStep == _context.State.GlobalStep || _actions.SaveCheckpoint());
    }

    // Returns what was trained and where it is saved.
    private string SaveBeforeStopping()
    {
        var (state, before) = (_context.State, _run.SavedStep);
        var saved = _context.Args.OutputDir is not null && IsSaved();
        if (_run.SavedStep != before)
            _context.Notify(c => c.OnSave(_context.Events));
        return FormattableString.Invariant($"after {state.GlobalStep:N0} of {state.MaxSteps:N0} updates. ") + (
            state.GlobalStep == 0 ? "There is nothing to save yet."
            : saved ? $"The checkpoint is '{_run.SavedIn}'; training can be resumed from it."
            : _context.Args.OutputDir is null ? "No checkpoint is written, since TrainingArguments.OutputDir is null."
            : "The checkpoint could not be written.");
    }

    /// <summary>An update did not fit into memory, and can be repeated with smaller micro-batches.</summary>
    private sealed class TooLargeException(Exception inner) : Exception(inner.Message, inner);
}
