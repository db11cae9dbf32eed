using System.Diagnostics;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The position and the running values of one training run.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _savedNorm;
    private Tensor? _gradientNorm;

    private TrainingRun(RunContext context, DataLoader loader, StepPlan plan, SavedLoop? saved)
    {
        var (args, state) = (context.Args, context.State);
        (Loader, Plan, Saved) = (loader, plan, saved);
        (FirstStep, FirstToken, SavedStep) = (state.GlobalStep, state.NumInputTokensSeen, state.GlobalStep);
        (_savedNorm, LearningRate) = (saved?.GradientNorm ?? 0, saved?.LearningRate ?? 0);
        Losses = new RunningLoss(args.LoggingNanInfFilter, context.Device, context.Communicator, context.Logger, state.GlobalStep, (int?)saved?.LastLogged, saved?.LossSum ?? 0);
        (Epoch, UpdateInEpoch) = Math.DivRem(state.GlobalStep, plan.UpdatesPerEpoch);
        // A checkpoint from before the actions at the end of its epoch: they are done now.
        if (saved?.EpochStart is not null && UpdateInEpoch == 0 && Epoch > 0 && ActsAtEpochEnd(args))
            (Epoch, UpdateInEpoch) = (Epoch - 1, plan.UpdatesPerEpoch);
        else if (args.IgnoreDataSkip)
            UpdateInEpoch = 0;
        StepInEpoch = UpdateInEpoch * plan.AccumulationSteps;
    }

    /// <summary>Creates data loader, optimizer and schedule, and restores a checkpoint if one is given.</summary>
    public static TrainingRun Begin(RunContext context, string? checkpoint)
    {
        var (args, model) = (context.Args, context.Model);
        context.Checkpoints.Prepare(context.Logger);
        // Moving to another device replaces the parameters of some modules: the optimizer is created afterwards.
        model.to(context.Device);
        context.Source.Description.UseRandomStream(args.RandomStream);
        context.TrainBatchSize = args.PerDeviceTrainBatchSize;
        var loader = context.Hooks.GetTrainDataLoader();
        var plan = StepPlan.Make(args, loader, context.Communicator.WorldSize);
        TrainingFaults.Check(args, plan);
        context.CreateOptimizer(plan.MaxSteps);
        context.State.Begin(args, plan);
        context.Control.ShouldTrainingStop = false;
        context.Source.Random.EndEpoch();
        var saved = checkpoint is null ? null : context.Checkpoints.Restore(context, checkpoint, plan);
        context.Logger.Info($"Training: {(loader.Dataset.KnownCount is { } count ? $"{count:N0} examples, {plan.Epochs} epochs" : "a stream of examples")}, {plan.MaxSteps:N0} updates of {plan.ExamplesPerUpdate} examples, {model.parameters().Where(p => p.requires_grad).Sum(p => p.numel()):N0} trainable parameters on {context.Device}.");
        return new TrainingRun(context, loader, plan, saved);
    }

    /// <summary>The batches.</summary>
    public DataLoader Loader { get; private set; }

    /// <summary>The step arithmetic.</summary>
    public StepPlan Plan { get; private set; }

    /// <summary>The losses since the last log.</summary>
    public RunningLoss Losses { get; }

    /// <summary>The number of updates before this run.</summary>
    public int FirstStep { get; }

    /// <summary>The number of input tokens counted before this run.</summary>
    public long FirstToken { get; }

    /// <summary>The current epoch, from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>The number of updates made in the current epoch.</summary>
    public int UpdateInEpoch { get; private set; }

    /// <summary>The number of micro-batches taken in the current epoch.</summary>
    public int StepInEpoch { get; private set; }

    /// <summary>The state of the loop in the checkpoint that is resumed, until the random numbers are restored from it.</summary>
    public SavedLoop? Saved { get; set; }

    /// <summary>The learning rate of the last update.</summary>
    public double LearningRate { get; set; }

    /// <summary>The update of the last checkpoint.</summary>
    public int SavedStep { get; set; }

    /// <summary>Indicates whether the optimizer has used the gradients of an update that is not counted yet.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>Indicates whether the optimizer took the step of that update; it does not if float16 gradients overflowed.</summary>
    public bool OptimizerStepped { get; private set; }

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Keeps the norm of the gradients of the current update before clipping, a scalar on the device; null if there were no gradients.</summary>
    public void SetGradientNorm(Tensor? norm)
    {
        _gradientNorm?.Dispose();
        _gradientNorm = (norm?.detach() ?? zeros(1)).DetachFromDisposeScope();
    }

    /// <summary>Reads the gradient norm of the last update from the device.</summary>
    public double ReadGradientNorm()
    {
        if (_gradientNorm is null)
            return _savedNorm;
        using var norm = _gradientNorm.to(ScalarType.Float64);
        return norm.item<double>();
    }

    /// <summary>Records that the gradients of an update were used, or skipped.</summary>
    public void Stepped(int microBatches, bool optimizerStepped)
    {
        OptimizerStepped = optimizerStepped;
        StepInEpoch += microBatches;
        UpdateInEpoch++;
        HasStepped = true;
    }

    /// <summary>Records that the update is counted.</summary>
    public void Counted() => HasStepped = false;

    /// <summary>Moves to the beginning of the next epoch.</summary>
    public void NextEpoch() => (Epoch, UpdateInEpoch, StepInEpoch) = (Epoch + 1, 0, 0);

    /// <summary>Continues with micro-batches of another size.</summary>
    public void ContinueWith(DataLoader loader, StepPlan plan)
    {
        (Loader, Plan) = (loader, plan);
        StepInEpoch = UpdateInEpoch * plan.AccumulationSteps;
    }

    public void Dispose()
    {
        Losses.Dispose();
        _gradientNorm?.Dispose();
    }

    private static bool ActsAtEpochEnd(TrainingArguments args) =>
        args.LoggingStrategy == IntervalStrategy.Epoch || args.EvalStrategy == IntervalStrategy.Epoch || args.SaveStrategy == SaveStrategy.Epoch;
}
