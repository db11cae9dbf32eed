using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Optimization;
using Microsoft.ML.HfTrainer.Training;
using Microsoft.ML.HfTrainer.Training.Callbacks;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Trains, evaluates and predicts with a model. Its steps are virtual: derive from it to change the loss, the optimizer, the order of the data
/// and the rest.
/// </summary>
/// <remarks>The random numbers that it draws come from a stream of its own, seeded when it is made; the process's generator is left as it was.</remarks>
public partial class Trainer : IDisposable
{
    private readonly List<ITrainerCallback> _callbacks;
    private readonly RandomState _random;
    private readonly CallbackContext _context;

    /// <summary>Makes a trainer.</summary>
    /// <param name="model">The model; it is moved to the device that trains.</param>
    /// <param name="args">The settings; null: the defaults.</param>
    /// <param name="trainDataset">The examples to train on; needed by <see cref="Train"/>.</param>
    /// <param name="evalDataset">The examples to evaluate on; needed if the settings ask for evaluations.</param>
    /// <param name="tokenizer">Gives the default collator its padding, and is saved with checkpoints.</param>
    /// <param name="dataCollator">Makes batches; null: pads with the tokenizer, or stacks where there is none.</param>
    /// <param name="computeMetrics">Metrics of all predictions; null: the loss alone.</param>
    /// <param name="callbacks">Watch and steer the run, after <see cref="DefaultFlowCallback"/> and before the progress bar.</param>
    /// <param name="logger">Where the trainer says what it does; null: nowhere.</param>
    /// <exception cref="ArgumentException">A setting is out of range, unknown, or contradicts another.</exception>
    public Trainer(
        nn.Module<Batch, ModelOutput> model,
        TrainingArguments? args = null,
        Dataset? trainDataset = null,
        Dataset? evalDataset = null,
        HfTokenizer? tokenizer = null,
        IDataCollator? dataCollator = null,
        Func<EvalPrediction, IReadOnlyDictionary<string, double>>? computeMetrics = null,
        IEnumerable<ITrainerCallback>? callbacks = null,
        ITrainerLogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        TorchLibrary.EnsureLoaded();
        Args = args ?? new TrainingArguments();
        Args.Validate();
        _ = Optimizers.Get(Args.Optim);
        _ = LearningRateSchedules.Get(Args.LrSchedulerType);
        if (Args.EvalStrategy != IntervalStrategy.No && evalDataset is null)
            throw new ArgumentException($"TrainingArguments.EvalStrategy is {Args.EvalStrategy}, but there is no evaluation set; give one (ValidationSet in a pipeline, evalDataset here) or set it to No.", nameof(evalDataset));
        Checkpoints = new CheckpointFolder(Args);
        Logger = logger ?? new SilentLogger();
        (Model, TrainDataset, EvalDataset, Tokenizer, ComputeMetrics) = (model, trainDataset, evalDataset, tokenizer, computeMetrics);
        DataCollator = dataCollator ?? (tokenizer is null ? new DefaultDataCollator() : new DataCollatorWithPadding(tokenizer));
        Device = Args.UseCpu ? CPU : ComputeDevice.Of(model);
        _random = new RandomState(Args.ResolvedSeed);
        _callbacks = [new DefaultFlowCallback(), .. callbacks ?? [], .. ProgressCallback.For(Args) is { } progress ? [progress] : Array.Empty<ITrainerCallback>()];
        _context = new CallbackContext(this, Args, State, Control);
        State.StatefulCallbacks = [Control, .. _callbacks.OfType<IStatefulCallback>()];
        Notify(c => c.OnInitEnd(_context));
    }

    /// <summary>The model.</summary>
    public nn.Module<Batch, ModelOutput> Model { get; }

    /// <summary>The settings.</summary>
    public TrainingArguments Args { get; }

    /// <summary>The examples to train on.</summary>
    public Dataset? TrainDataset { get; }

    /// <summary>The examples to evaluate on.</summary>
    public Dataset? EvalDataset { get; }

    /// <summary>The tokenizer saved with checkpoints.</summary>
    public HfTokenizer? Tokenizer { get; }

    /// <summary>Makes batches.</summary>
    public IDataCollator DataCollator { get; }

    /// <summary>Metrics of all predictions.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; }

    /// <summary>Where the run stands.</summary>
    public TrainerState State { get; } = new();

    /// <summary>What callbacks ask of the loop.</summary>
    public TrainerControl Control { get; } = new();

    /// <summary>Where the trainer says what it does.</summary>
    public ITrainerLogger Logger { get; }

    /// <summary>The device that computes.</summary>
    public Device Device { get; }

    /// <summary>The optimizer; null before <see cref="Train"/>.</summary>
    public Optimizer? Optimizer { get; private set; }

    /// <summary>The learning-rate schedule; null before <see cref="Train"/>.</summary>
    public LearningRateScheduler? LearningRateScheduler { get; private set; }

    internal CheckpointFolder Checkpoints { get; }

    /// <summary>The order of training examples in each epoch.</summary>
    protected virtual Sampler GetTrainSampler(Dataset dataset) => Args.TrainSamplingStrategy == TrainSamplingStrategy.Sequential
        ? new SequentialSampler(dataset.Count)
        : new RandomSampler(dataset.Count, Args.DataSeed ?? Args.ResolvedSeed);

    /// <summary>The batches to train on.</summary>
    protected virtual DataLoader GetTrainDataLoader() => TrainDataset is { } dataset
        ? new DataLoader(dataset, GetTrainSampler(dataset), DataCollator, Args.PerDeviceTrainBatchSize, Args.DataloaderDropLast)
        : throw new InvalidOperationException("Training needs a trainDataset, and this trainer was made without one.");

    /// <summary>The batches to evaluate or predict.</summary>
    protected virtual DataLoader GetEvalDataLoader(Dataset dataset) =>
        new(dataset, new SequentialSampler(dataset.Count), DataCollator, Args.PerDeviceEvalBatchSize, Args.DataloaderDropLast);

    /// <summary>The optimizer of a run.</summary>
    protected virtual Optimizer CreateOptimizer() => Optimizers.Get(Args.Optim)(Args, DecayGroups.Split(Model, Args));

    /// <summary>The learning-rate schedule of a run of so many updates.</summary>
    protected virtual LearningRateScheduler CreateScheduler(Optimizer optimizer, int totalSteps) => LearningRateSchedules.Create(optimizer, Args, totalSteps);

    /// <summary>The loss of a micro-batch, averaged as the model does, and the model's output.</summary>
    protected virtual (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
    {
        var output = Model.call(batch);
        return (output.Loss ?? throw new InvalidOperationException($"The model gave no loss; its batch has {string.Join(", ", batch.Keys)}, and a loss needs '{Batch.Labels}'."), output);
    }

    /// <summary>Writes model, configuration and tokenizer as a Hugging Face folder.</summary>
    /// <param name="folder">The folder; null: <see cref="TrainingArguments.OutputDir"/>.</param>
    public void SaveModel(string? folder = null) => ModelFiles.Save(this, folder ?? Args.OutputDir
        ?? throw new ArgumentException("SaveModel needs a folder: none was given and TrainingArguments.OutputDir is null.", nameof(folder)));

    /// <summary>Adds a record to the log.</summary>
    protected virtual void Log(LogRecord logs)
    {
        logs["epoch"] = State.Epoch;
        State.LogHistory.Add(new LogRecord(logs) { ["step"] = State.GlobalStep });
        Control.ShouldLog = false;
        Notify(c => c.OnLog(_context, logs));
    }

    /// <summary>Calls every callback in order.</summary>
    private void Notify(Action<ITrainerCallback> call)
    {
        foreach (var callback in _callbacks)
            call(callback);
    }

    /// <summary>Frees the optimizer; the model stays.</summary>
    public void Dispose()
    {
        Optimizer?.Dispose();
        Optimizer = null;
        _random.Dispose();
        Checkpoints.Dispose();
        GC.SuppressFinalize(this);
    }
}
