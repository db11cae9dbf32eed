using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Callbacks;
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
    private bool _hasBegun;

    private TrainingLoop(RunContext context, TrainingRun run, TrainingFeatures features, CancellationToken cancellation)
    {
        (_context, _run, _features, Cancellation) = (context, run, features, cancellation);
        _actions = new IntervalActions(context, run);
        _labels = new LabelCounter(context.Args, context.Source.Description, context.Communicator);
        _work = new WorkCounter(context.Args, context.Model, context.Trainer.Tokenizer?.PadTokenId);
    }

    /// <summary>Trains the model.</summary>
    /// <param name="context">What the run works with.</param>
    /// <param name="checkpoint">The checkpoint to resume from; null to begin a new run.</param>
    /// <param name="cancellation">Ends the run after the current update.</param>
    public static TrainOutput Run(RunContext context, string? checkpoint, CancellationToken cancellation)
    {
        using var training = TrainerTelemetry.Train.Start(context.State.GlobalStep);
        using var random = context.Source.Random.Use();
        using var features = new TrainingFeatures(context.Model, context.Args, context.Precision);
        using var run = TrainingRun.Begin(context, checkpoint);
        var loop = new TrainingLoop(context, run, features, cancellation);
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
            for (; _run.Epoch < _run.Plan.Epochs && !_context.Control.ShouldTrainingStop; _run.NextEpoch())
                TrainEpoch();
            return _actions.Finish();
        }
        catch
        {
            _context.RestoreConsole();
            throw;
        }
        finally
        {
            foreach (var signals in _context.Callbacks.All.OfType<SignalCallback>())
                signals.Dispose();
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
        if (state.GlobalStep == before && _run.UpdateInEpoch == 0)
        {
            _context.Logger.Warning($"Epoch {_run.Epoch + 1} has no batch; training ends after {state.GlobalStep:N0} of {state.MaxSteps:N0} updates.");
            control.ShouldTrainingStop = true;
        }
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
        catch (Exception failure) when (_context.Args.AutoFindBatchSize && OutOfMemory.Is(failure) && _run.Plan.Smaller() is not null)
        {
            TakeSmallerBatches();
            return false;
        }
    }

    private void TrainUpdates()
    {
        var (control, random) = (_context.Control, _context.Source.Random);
        _context.Model.train();
        // A resumed epoch draws its order again from the state at its beginning; the numbers of its next update continue from the state at the checkpoint.
        if ((_run.UpdateInEpoch == 0 ? _run.Saved?.Random : _run.Saved?.EpochStart) is { } start)
            random.Restore(start);
        random.BeginEpoch();
        using var batches = _run.Loader.Epoch(_run.Epoch, _run.UpdateInEpoch * _run.Plan.AccumulationSteps, Interruption).GetEnumerator();
        if (_run.Saved is { } within && _run.UpdateInEpoch > 0)
            random.Restore(within.Random);
        _run.Saved = null;
        while (!control.ShouldEpochStop && !control.ShouldTrainingStop)
        {
            using (var group = AccumulationGroup.Take(batches, _run.Plan.AccumulationSteps, _labels, _work))
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
        _context.Notify(c => c.OnStepBegin(_context.Events));
        foreach (var (index, microBatch) in group.MicroBatches.Index())
        {
            microBatch.Loss = _context.Hooks.TrainingStep(_context.OnDevice(microBatch.Batch), group.Count).DetachFromDisposeScope();
            if (index < group.Count - 1)
                _context.Notify(c => c.OnSubstepEnd(_context.Events));
        }
        Count(group);
        var finite = ReduceAndClipGradients();
        _context.Notify(c => c.OnPreOptimizerStep(_context.Events));
        if (finite)
            _context.Optimizer!.Step();
        _context.Precision.Scaler?.Update(finite);
        _run.Stepped(group.Count, finite);
        _context.Notify(c => c.OnOptimizerStep(_context.Events));
        CompleteUpdate();
    }

    // Only after the last micro-batch: an update whose micro-batches do not fit into memory is made again with smaller ones.
    private void Count(AccumulationGroup group)
    {
        foreach (var microBatch in group.MicroBatches)
        {
            _run.Losses.Add(microBatch.Loss!, _context.State.GlobalStep + 1);
            _context.State.TotalFlos += microBatch.Operations;
        }
        _context.State.NumInputTokensSeen += _context.Communicator.AllReduce(group.MicroBatches.Sum(m => m.Tokens), ReduceOperation.Sum);
    }

    // Returns false if float16 gradients overflowed.
    private bool ReduceAndClipGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var gradients = _context.Model.parameters().Select(p => p.grad).OfType<Tensor>().ToArray();
        _context.Communicator.AllReduce(gradients, ReduceOperation.Sum);
        var finite = _context.Precision.Unscale(gradients, _context.Communicator);
        _run.SetGradientNorm(GradientClipping.Clip(gradients, _context.Args.MaxGradNorm, _context.Communicator));
        return finite;
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
        _context.Source.Random.Capture();
    }

    // The update that ran out of memory is made again, with the same examples and random numbers, and the epoch keeps its order.
    private void TakeSmallerBatches()
    {
        var smaller = _run.Plan.Smaller()!.Value;
        _context.Logger.Warning($"A micro-batch of {_run.Plan.BatchSize} examples does not fit the memory; training goes on with {smaller.BatchSize}, {smaller.AccumulationSteps} of them an update.");
        _context.TrainBatchSize = smaller.BatchSize;
        var loader = _context.Hooks.GetTrainDataLoader();
        var plan = StepPlan.Make(_context.Args, loader, _run.Plan.WorldSize, smaller.AccumulationSteps);
        _run.ContinueWith(loader, plan with { MaxSteps = _run.Plan.MaxSteps, Epochs = _run.Plan.Epochs });
        _context.State.TrainBatchSize = smaller.BatchSize;
        var random = _context.Source.Random;
        _run.Saved = new SavedLoop(random.ToBytes(), random.EpochStartToBytes());
    }

    public override CancellationToken Cancellation { get; }

    // A run that saves before it ends does so after an update and its evaluation, not within them.
    public override CancellationToken Interruption => _context.Args.EnableJitCheckpoint ? default : Cancellation;

    public override long FirstToken => _run.FirstToken;

    public override void Backward(Tensor loss) => _features.Backward(loss);

    // The model, the random numbers and the precision are those of training.
    public override T Evaluate<T>(Func<T> evaluation) => evaluation();

    // Arguments that a callback refuses before training begins are the user's own mistake, and its exception says so.
    public override bool Wraps(Exception failure) => _hasBegun || failure is not ArgumentException;

    public override bool SaveBeforeFailing()
    {
        if (_context.Args.OutputDir is null || _context.Args.SaveStrategy == SaveStrategy.No)
            return false;
        if (_run.HasStepped)
            CompleteUpdate();
        try
        {
            // The random state in the checkpoint is that of the last whole update.
            return _context.State.GlobalStep > 0 && (_run.SavedStep == _context.State.GlobalStep || _actions.SaveCheckpoint());
        }
        catch (IOException failure)
        {
            // The first failure is the one to report.
            _context.Logger.Warning(failure.Message);
            return false;
        }
    }
}
