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

    private TrainingRun(RunContext context, DataLoader loader, StepPlan plan, string? checkpoint, LoopPosition? position, SavedLoop? saved)
    {
        var (args, state) = (context.Args, context.State);
        (Loader, Plan, Resumed) = (loader, plan, saved);
        (FirstStep, FirstToken, SavedStep, SavedIn) = (state.GlobalStep, state.NumInputTokensSeen, state.GlobalStep, checkpoint);
        (_savedNorm, LearningRate) = (saved?.GradientNorm ?? 0, saved?.LearningRate ?? 0);
        Losses = new RunningLoss(args.LoggingNanInfFilter, context.Device, context.Communicator, context.Logger, state.GlobalStep, saved?.LastLogged, saved?.LossSum ?? 0);
        // The passes of a stream have any length; epochs of another length than in the checkpoint are counted anew.
        (Epoch, UpdateInEpoch) = position is { } known && (loader.Count is null || known.UpdatesPerEpoch == plan.UpdatesPerEpoch)
            ? (known.Epoch, known.Update)
            : Math.DivRem(state.GlobalStep, plan.UpdatesPerEpoch);
        // As in the Hugging Face Trainer, the run goes on with the next epoch if nothing is due any more in one whose updates are all made.
        var isDue = ActsAtEndOfEpochs(args) || saved is { IsEpochStopped: true } or { IsLogPending: true } or { IsEvaluationPending: true };
        if (loader.Count is not null && UpdateInEpoch >= plan.UpdatesPerEpoch && !isDue)
            (Epoch, UpdateInEpoch) = (Epoch + 1, 0);
        // All updates of an epoch may be made, and the actions at its end not yet.
        if (args.IgnoreDataSkip && UpdateInEpoch < plan.UpdatesPerEpoch)
            UpdateInEpoch = 0;
        StepInEpoch = (long)UpdateInEpoch * plan.AccumulationSteps;
    }

    private static bool ActsAtEndOfEpochs(TrainingArguments args) =>
        args.EvalStrategy == IntervalStrategy.Epoch || args.LoggingStrategy == IntervalStrategy.Epoch || args.SaveStrategy == SaveStrategy.Epoch;

    /// <summary>Creates data loader, optimizer and schedule, and restores a checkpoint if one is given.</summary>
    public static TrainingRun Begin(RunContext context, string? checkpoint)
    {
        var (args, model) = (context.Args, context.Model);
        if (context.Communicator.IsMain)
            context.Checkpoints.Prepare(context.Logger);
        if (context.Loss.WhyNotSmoothed is { } reason)
            context.Logger.Warning(FormattableString.Invariant($"TrainingArguments.LabelSmoothingFactor is {args.LabelSmoothingFactor}, which has no effect: {reason}."));
        // Moving to another device replaces the parameters of some modules: the optimizer is created afterwards.
        model.to(context.Device);
        context.Source.Description.UseRandomStream(args.RandomStream);
        context.TrainBatchSize = args.PerDeviceTrainBatchSize;
        var loader = context.Hooks.GetTrainDataLoader();
        var plan = StepPlan.Make(args, loader, context.Communicator.WorldSize);
        TrainingFaults.Check(args, plan, context.Communicator.WorldSize);
        ProcessAgreement.Check(context, loader, checkpoint);
        using (no_grad())
            context.Communicator.Broadcast([.. model.parameters(), .. model.buffers()]);
        context.CreateOptimizer(plan.MaxSteps);
        context.State.Begin(args, plan);
        context.Control.ShouldTrainingStop = false;
        context.Source.Random.EndEpoch();
        context.CaptureRandom();
        var (folder, position, saved) = checkpoint is null ? default : context.Checkpoints.Restore(context, checkpoint, plan);
        context.Logger.Info(FormattableString.Invariant($"Training: {(loader.Dataset.KnownCount is { } count ? FormattableString.Invariant($"{count:N0} examples, {plan.Epochs} epochs") : "a stream of examples")}, {plan.MaxSteps:N0} updates of {plan.ExamplesPerUpdate} examples, {model.parameters().Where(p => p.requires_grad).Sum(p => p.numel()):N0} trainable parameters on {context.Device}."));
        return new TrainingRun(context, loader, plan, folder, position, saved);
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
    public long StepInEpoch { get; private set; }

    /// <summary>Indicates whether the current epoch has ended, and the actions at its end are not all done.</summary>
    public bool IsEpochEnding { get; set; }

    /// <summary>The position of the next update.</summary>
    /// <param name="betweenEpochs">true if nothing is left to do in the current epoch.</param>
    public LoopPosition Position(bool betweenEpochs) => betweenEpochs ? new(Epoch + 1, 0, Plan.UpdatesPerEpoch) : new(Epoch, UpdateInEpoch, Plan.UpdatesPerEpoch);

    /// <summary>The state of the loop in the checkpoint that is resumed, until the random numbers are restored from it.</summary>
    public SavedLoop? Resumed { get; set; }

    /// <summary>The learning rate of the last update.</summary>
    public double LearningRate { get; set; }

    /// <summary>The update of the last checkpoint, which is that of the beginning if the run was resumed from it.</summary>
    public int SavedStep { get; private set; }

    /// <summary>The folder of that checkpoint; null if there is none.</summary>
    public string? SavedIn { get; private set; }

    /// <summary>Indicates whether the optimizer has used the gradients of an update that is not counted yet.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>Indicates whether the optimizer took the step of that update; it does not if float16 gradients overflowed.</summary>
    public bool OptimizerStepped { get; private set; }

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Records a checkpoint.</summary>
    public void Saved(int step, string folder) => (SavedStep, SavedIn) = (step, folder);

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
    public void NextEpoch() => (Epoch, UpdateInEpoch, StepInEpoch, IsEpochEnding) = (Epoch + 1, 0, 0, false);

    /// <summary>Continues with micro-batches of another size.</summary>
    public void ContinueWith(DataLoader loader, StepPlan plan)
    {
        (Loader, Plan) = (loader, plan);
        StepInEpoch = (long)UpdateInEpoch * plan.AccumulationSteps;
    }

    public void Dispose()
    {
        Losses.Dispose();
        _gradientNorm?.Dispose();
    }
}
