using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Data.Sampling;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Precision;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The parts shared by the runs of a trainer: model, optimizer, schedule, precision, random numbers, communicator, callbacks.</summary>
internal sealed class RunContext : IDisposable
{
    // Before the reason, in place of a path.
    private const char NoCheckpoint = '\0';

    public RunContext() => Mode = new StandaloneEvaluation(this);

    public required Trainer Trainer { get; init; }

    public required TrainingArguments Args { get; init; }

    public required ILogger Logger { get; init; }

    public required ModelSource Source { get; init; }

    /// <summary>The device that computes.</summary>
    public required Device Device { get; init; }

    public required RunCheckpoints Checkpoints { get; init; }

    public required ICommunicator Communicator { get; init; }

    public TrainerState State { get; } = new();

    public TrainerControl Control { get; } = new();

    /// <summary>The callbacks of the user, to be set before <see cref="Callbacks"/> is read.</summary>
    public required IEnumerable<ITrainerCallback> GivenCallbacks { private get; init; }

    public CallbackList Callbacks => field ??= new CallbackList(Args, GivenCallbacks, reports: Communicator.IsMain, State, Control);

    /// <summary>The argument of callbacks.</summary>
    public CallbackContext Events => field ??= new CallbackContext(Trainer, Args, State, Control);

    /// <summary>The current mode of the trainer.</summary>
    public RunMode Mode { get; private set; }

    public MixedPrecision Precision { get => field ??= MixedPrecision.For(Args.ToPrecisionSettings(), Device, Logger); set; }

    public nn.Module<Batch, ModelOutput> Model => Source.Model;

    /// <summary>The optimizer; null before the first training run.</summary>
    public Optimizer? Optimizer { get; private set; }

    /// <summary>The learning-rate schedule; null before the first training run.</summary>
    public LearningRateScheduler? Scheduler { get; private set; }

    /// <summary>The number of examples per training micro-batch.</summary>
    public int TrainBatchSize { get; set; }

    /// <summary>The number of batches of the current evaluation or prediction; null if it is unknown.</summary>
    public int? PredictionSteps { get; set; }

    /// <summary>true while an evaluation collects only the loss.</summary>
    public bool PredictsLossOnly { get; set; }

    /// <summary>The seconds that the first evaluation took to move the model to its device; null if training moved it.</summary>
    public double? ModelPreparationTime { get; set; }

    public ITrainerHooks Hooks => Trainer;

    /// <summary>The loss of the trainer.</summary>
    public LossRule Loss => new(Args, Source.Description, Trainer.ComputeLossFunc, Communicator.WorldSize);

    /// <summary>Replaces the optimizer and schedule by those of a new run.</summary>
    /// <exception cref="ArgumentException">The optimizer holds a parameter that is not the model's.</exception>
    public void CreateOptimizer(int totalSteps)
    {
        FreeOptimizer();
        var given = Trainer.Optimizers;
        Optimizer = given.Optimizer ?? Hooks.CreateOptimizer();
        var trained = Model.parameters().Select(p => p.Handle).ToHashSet();
        if (Optimizer.Groups.SelectMany(g => g.Parameters).FirstOrDefault(p => !trained.Contains(p.Parameter.Handle)) is { Parameter: not null } foreign)
            throw new ArgumentException($"The optimizer has a parameter '{foreign.Name}' that is none of the model's on {Device}; move the model to that device before the optimizer is made.", nameof(Trainer.Optimizers));
        Scheduler = given.Scheduler ?? Hooks.CreateScheduler(Optimizer, totalSteps);
    }

    /// <summary>Runs an action in a mode, and returns to evaluation on its own afterwards.</summary>
    public T RunIn<T>(RunMode mode, Func<T> action)
    {
        var outer = Mode;
        Mode = mode;
        try
        {
            return action();
        }
        finally
        {
            Mode = outer;
        }
    }

    /// <summary>The state of the collator's own random number generator as of <see cref="CaptureRandom"/>; null if it has none.</summary>
    public byte[]? CollatorState { get; private set; }

    /// <summary>Records the position of all streams of random numbers.</summary>
    public void CaptureRandom()
    {
        Source.Random.Capture();
        CollatorState = Trainer.DataCollator.RandomState;
    }

    /// <summary>Continues the streams of random numbers from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The state is not one of the generators.</exception>
    public void RestoreRandom(SavedLoop saved)
    {
        Source.Random.Restore(saved.Random);
        if (saved.Collator is { } state)
            Trainer.DataCollator.RandomState = state;
        CaptureRandom();
    }

    /// <summary>Moves a batch to the device.</summary>
    public Batch OnDevice(Batch batch)
    {
        var moved = batch.To(Device);
        // Packed batches leave out the padding, which takes part in the random numbers and the outputs of the Hugging Face Trainer.
        moved.Packed = Args.RandomStream == RandomStream.Fast;
        return moved;
    }

    /// <summary>Creates a loader of batches of the features that the model reads.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="sampler">Their order in all processes; null for that of the dataset.</param>
    /// <param name="batchSize">The number of examples of a batch.</param>
    /// <param name="evaluates">true to evaluate or predict.</param>
    public DataLoader Load(Dataset dataset, Sampler? sampler, int batchSize, bool evaluates = false) =>
        new(dataset, Shared(dataset, sampler, evaluates), ColumnSelection.Apply(Trainer.DataCollator, dataset, Source.Description, Args, Logger), batchSize, Args.DataloaderDropLast)
        {
            WorkerCount = Args.DataloaderNumWorkers,
            PrefetchFactor = Args.DataloaderPrefetchFactor ?? 2,
            Share = Share(dataset, evaluates),
        };

    /// <summary>The part of the data that this process takes; null if there are no others.</summary>
    public BatchShare? Share(Dataset dataset, bool evaluates) => Communicator.WorldSize == 1 ? null : Args.ToBatchShare(Communicator.Rank, Communicator.WorldSize, dataset is IterableDataset, evaluates);

    private Sampler? Shared(Dataset dataset, Sampler? sampler, bool evaluates) => dataset is IterableDataset || sampler is { IsShared: true } || Share(dataset, evaluates) is not { } share
        ? sampler
        : new SharedSampler(sampler ?? new SequentialSampler(dataset.Count), share);

    /// <summary>Adds a record to the log, with the epoch and the number of tokens.</summary>
    /// <param name="logs">The values by name.</param>
    /// <param name="elapsed">The time since training began; null to leave out the speed in tokens.</param>
    public void Log(LogRecord logs, TimeSpan? elapsed)
    {
        logs["epoch"] = State.Epoch;
        if (Args.IncludeNumInputTokensSeen != InputTokensSeen.No)
        {
            logs["num_input_tokens_seen"] = State.NumInputTokensSeen;
            if (elapsed is { } time)
                foreach (var (name, value) in SpeedMetrics.OfTokens("train", time, State.NumInputTokensSeen - Mode.FirstToken))
                    logs[name] = value;
        }
        State.LogHistory.Add(new LogRecord(logs) { ["step"] = State.GlobalStep });
        Control.ShouldLog = false;
        Notify(c => c.OnLog(Events, logs));
    }

    /// <summary>Calls every callback in order.</summary>
    public void Notify(Action<ITrainerCallback> call)
    {
        // A callback may remove itself.
        foreach (var callback in Callbacks.All.ToArray())
            CallUserCode($"The callback {callback.GetType().Name}", () => call(callback));
    }

    /// <summary>Calls code of the user; an exception is wrapped in one that names the code, after the updates made so far are saved.</summary>
    public void CallUserCode(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is not OperationCanceledException && Mode.Wraps(failure))
        {
            var saved = Mode.SaveBeforeFailing() ? $" What was trained is saved in '{Checkpoints.Folder}'; Train(resumeFromCheckpoint: true) goes on from there." : "";
            throw new InvalidOperationException($"{name} failed at update {State.GlobalStep}: {failure.Message}{saved}", failure);
        }
    }

    /// <summary>Removes progress bars from the console.</summary>
    public void RestoreConsole()
    {
        foreach (var progress in Callbacks.All.OfType<ProgressCallback>())
            progress.Dispose();
    }

    /// <summary>Returns the newest intact checkpoint, which the first process finds for all: looking for it also clears away what a killed process has left.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public string NewestCheckpoint()
    {
        var told = Encoding.UTF8.GetString(Communicator.GatherBytes(Communicator.IsMain ? Encoding.UTF8.GetBytes(PathOrReason()) : [])[0]);
        return told[0] == NoCheckpoint ? throw new DirectoryNotFoundException(told[1..]) : told;
    }

    private string PathOrReason()
    {
        try
        {
            return Checkpoints.Newest(Logger);
        }
        catch (DirectoryNotFoundException absent)
        {
            return NoCheckpoint + absent.Message;
        }
    }

    /// <summary>Tells the reporters that an exception has ended training.</summary>
    public void ReportFailure(Exception failure)
    {
        foreach (var reports in Callbacks.All.OfType<ReporterCallback>())
            reports.OnTrainFailed(Events, failure);
    }

    /// <summary>Frees the optimizer; the model stays.</summary>
    public void Dispose()
    {
        foreach (var reports in Callbacks.Standard.OfType<ReporterCallback>())
            reports.Dispose(Events);
        FreeOptimizer();
        Checkpoints.Dispose();
    }

    private void FreeOptimizer()
    {
        if (Optimizer != Trainer.Optimizers.Optimizer)
            Optimizer?.Dispose();
        Optimizer = null;
    }
}
