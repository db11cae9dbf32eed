using Microsoft.ML.HfTrainer.Data.Sampling;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Optimization;
using Microsoft.ML.HfTrainer.Precision;
using Microsoft.ML.HfTrainer.Reporting.Telemetry;
using Microsoft.ML.HfTrainer.Training;
using Microsoft.ML.HfTrainer.Training.Callbacks;
using static TorchSharp.torch;
using OptimizerRegistry = Microsoft.ML.HfTrainer.Optimizers;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Trains, evaluates and predicts with a model. Its steps are virtual: derive from it to change the loss, the optimizer, the order of the data
/// and the rest.
/// </summary>
/// <remarks>The random numbers that it draws come from a stream of its own, seeded when it is made; the process's generator is left as it was.</remarks>
public partial class Trainer : IDisposable
{
    private readonly List<ITrainerCallback> _callbacks;
    private readonly ITrainerCallback[] _ownCallbacks;
    private readonly Func<nn.Module<Batch, ModelOutput>>? _modelInit;
    private readonly CallbackContext _context;
    private RandomState _random;
    private bool _isModelNew = true;

    /// <summary>Makes a trainer.</summary>
    /// <param name="model">The model; it is moved to the device that trains.</param>
    /// <param name="args">The settings; null: the defaults.</param>
    /// <param name="trainDataset">The examples to train on; needed by <see cref="Train(string?)"/>.</param>
    /// <param name="evalDataset">The examples to evaluate on; needed if the settings ask for evaluations. Several sets: <see cref="EvalDatasets"/>.</param>
    /// <param name="tokenizer">Gives the default collator its padding, and is saved with checkpoints.</param>
    /// <param name="dataCollator">Makes batches; null: pads with the tokenizer, or stacks where there is none.</param>
    /// <param name="computeMetrics">Metrics of all predictions; null: the loss alone.</param>
    /// <param name="callbacks">Watch and steer the run, after <see cref="DefaultFlowCallback"/> and before the progress bar.</param>
    /// <param name="logger">Where the trainer says what it does; null: nowhere.</param>
    /// <exception cref="ArgumentException">Settings are out of range, unknown, or contradict each other.</exception>
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
        : this(() => model ?? throw new ArgumentNullException(nameof(model)), args, trainDataset, evalDataset, tokenizer, dataCollator, computeMetrics, callbacks, logger)
    {
        _modelInit = null;
    }

    /// <summary>Makes a trainer that makes its model: anew from the seed for each <see cref="Train(string?)"/>.</summary>
    /// <param name="modelInit">Makes the model. The trainer disposes each model but the last one.</param>
    /// <param name="args">The settings; null: the defaults.</param>
    /// <param name="trainDataset">The examples to train on.</param>
    /// <param name="evalDataset">The examples to evaluate on.</param>
    /// <param name="tokenizer">Gives the default collator its padding, and is saved with checkpoints.</param>
    /// <param name="dataCollator">Makes batches; null: pads with the tokenizer, or stacks where there is none.</param>
    /// <param name="computeMetrics">Metrics of all predictions; null: the loss alone.</param>
    /// <param name="callbacks">Watch and steer the run.</param>
    /// <param name="logger">Where the trainer says what it does; null: nowhere.</param>
    /// <exception cref="ArgumentException">Settings are out of range, unknown, or contradict each other.</exception>
    public Trainer(
        Func<nn.Module<Batch, ModelOutput>> modelInit,
        TrainingArguments? args = null,
        Dataset? trainDataset = null,
        Dataset? evalDataset = null,
        HfTokenizer? tokenizer = null,
        IDataCollator? dataCollator = null,
        Func<EvalPrediction, IReadOnlyDictionary<string, double>>? computeMetrics = null,
        IEnumerable<ITrainerCallback>? callbacks = null,
        ITrainerLogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(modelInit);
        TorchLibrary.EnsureLoaded();
        Args = args ?? new TrainingArguments();
        Args.Validate();
        Checkpoints = new CheckpointFolder(Args);
        Logger = logger ?? new SilentLogger();
        foreach (var warning in Args.Warnings)
            Logger.Warning(warning);
        (TrainDataset, EvalDataset, Tokenizer, ComputeMetrics) = (trainDataset, evalDataset, tokenizer, computeMetrics);
        DataCollator = dataCollator ?? (tokenizer is null ? new DefaultDataCollator() : new DataCollatorWithPadding(tokenizer));
        _modelInit = modelInit;
        (Model, _random) = NewModel(modelInit);
        TrainBatchSize = Args.PerDeviceTrainBatchSize;
        Device = Args.UseCpu ? CPU : ComputeDevice.Of(Model);
        ProcessSwitches.UseTensorFloat32(Args, Device);
        ITrainerCallback[] first = [new DefaultFlowCallback(), .. ReporterCallback.For(Args), new TelemetryCallback(), .. SignalCallback.For(Args)], last = [.. ProgressCallback.For(Args)];
        _callbacks = [.. first, .. callbacks ?? [], .. last];
        _ownCallbacks = [.. first, .. last];
        _context = new CallbackContext(this, Args, State, Control);
        NoteStatefulCallbacks();
        Notify(c => c.OnInitEnd(_context));
    }

    /// <summary>The model.</summary>
    public nn.Module<Batch, ModelOutput> Model { get; private set; }

    /// <summary>The settings.</summary>
    public TrainingArguments Args { get; }

    /// <summary>The examples to train on.</summary>
    public Dataset? TrainDataset { get; }

    /// <summary>The examples to evaluate on.</summary>
    public Dataset? EvalDataset { get; }

    /// <summary>Several evaluation sets by name, in place of <see cref="EvalDataset"/>: metrics are called <c>eval_{name}_loss</c> and so on.</summary>
    public IReadOnlyDictionary<string, Dataset>? EvalDatasets { get; init; }

    /// <summary>The tokenizer saved with checkpoints.</summary>
    public HfTokenizer? Tokenizer { get; }

    /// <summary>Makes batches.</summary>
    public IDataCollator DataCollator { get; }

    /// <summary>Metrics of all predictions.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; }

    /// <summary>
    /// Metrics that add up batch by batch, so that memory does not grow with the dataset: called with each batch, and whether it is the last, for which
    /// it gives the metrics of all. In place of <c>computeMetrics</c> where <see cref="TrainingArguments.BatchEvalMetrics"/> is set.
    /// </summary>
    public Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>>? ComputeBatchMetrics { get; init; }

    /// <summary>What metrics and predictions are given in place of the logits of a batch, such as their argmax; the labels are null where there are none.</summary>
    public Func<Tensor, Tensor?, Tensor>? PreprocessLogitsForMetrics { get; init; }

    /// <summary>The loss in place of the model's own; null: the model's.</summary>
    public LossFunction? ComputeLossFunc { get; init; }

    /// <summary>An optimizer, and perhaps a schedule for it, in place of those that the settings name. They stay the caller's.</summary>
    public (Optimizer? Optimizer, LearningRateScheduler? Scheduler) Optimizers { get; init; }

    /// <summary>The callbacks, in the order in which they are called.</summary>
    public IReadOnlyList<ITrainerCallback> Callbacks => _callbacks;

    /// <summary>Where the run stands.</summary>
    public TrainerState State { get; } = new();

    /// <summary>What callbacks ask of the loop.</summary>
    public TrainerControl Control { get; } = new();

    /// <summary>Where the trainer says what it does.</summary>
    public ITrainerLogger Logger { get; }

    /// <summary>The device that computes.</summary>
    public Device Device { get; }

    /// <summary>The optimizer; null before <see cref="Train(string?)"/>.</summary>
    public Optimizer? Optimizer { get; private set; }

    /// <summary>The learning-rate schedule; null before <see cref="Train(string?)"/>.</summary>
    public LearningRateScheduler? LearningRateScheduler { get; private set; }

    /// <summary>Examples a micro-batch in training: <see cref="TrainingArguments.PerDeviceTrainBatchSize"/>, or what was found to fit the memory.</summary>
    protected int TrainBatchSize { get; private set; }

    internal CheckpointFolder Checkpoints { get; }

    /// <summary>Batches of the running evaluation or prediction; null: they are not known.</summary>
    internal int? PredictionSteps { get; private set; }

    internal MixedPrecision Precision { get => field ??= MixedPrecision.For(Args, Device, Logger); init; }

    /// <summary>Adds a callback after all others.</summary>
    public void AddCallback(ITrainerCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _callbacks.Add(callback);
        NoteStatefulCallbacks();
    }

    /// <summary>Takes a callback out; whether it was there.</summary>
    public bool RemoveCallback(ITrainerCallback callback)
    {
        var found = _callbacks.Remove(callback);
        NoteStatefulCallbacks();
        return found;
    }

    /// <summary>The order of training examples in each epoch; null: that of the dataset, the only one that a stream has.</summary>
    protected virtual Sampler? GetTrainSampler(Dataset dataset) => (dataset, Args.TrainSamplingStrategy) switch
    {
        (IterableDataset, _) => null,
        (_, TrainSamplingStrategy.Sequential) => new SequentialSampler(dataset.Count),
        (_, TrainSamplingStrategy.GroupByLength) => new LengthGroupedSampler(ExampleLengths.Of(dataset, Args.LengthColumnName), ExamplesPerUpdate),
        (_, TrainSamplingStrategy.BatchRebalance) => new BatchRebalanceSampler(ExampleLengths.Of(dataset, Args.LengthColumnName), ExamplesPerUpdate, ExamplesPerUpdate / TrainBatchSize),
        _ => new RandomSampler(dataset.Count, Args.DataSeed ?? Args.ResolvedSeed),
    };

    /// <summary>The batches to train on.</summary>
    protected virtual DataLoader GetTrainDataLoader() => TrainDataset is { } dataset
        ? Load(dataset, GetTrainSampler(dataset), TrainBatchSize)
        : throw new InvalidOperationException("Training needs a trainDataset, and this trainer was made without one.");

    /// <summary>The order in which examples are evaluated and predicted; null: that of the dataset, in which predictions are then given.</summary>
    protected virtual Sampler? GetEvalSampler(Dataset dataset) => null;

    /// <summary>The batches to evaluate or predict.</summary>
    protected virtual DataLoader GetEvalDataLoader(Dataset dataset) => Load(dataset, GetEvalSampler(dataset), Args.PerDeviceEvalBatchSize);

    /// <summary>The optimizer of a run.</summary>
    protected virtual Optimizer CreateOptimizer() => OptimizerRegistry.Get(Args.Optim)(Args.ToOptimizerSettings(), DecayGroups.Split(Model, Args.ToOptimizerSettings()));

    /// <summary>The learning-rate schedule of a run of so many updates.</summary>
    protected virtual LearningRateScheduler CreateScheduler(Optimizer optimizer, int totalSteps) => LearningRateSchedules.Create(optimizer, Args.ToScheduleSettings(totalSteps));

    /// <summary>Writes model, configuration and tokenizer as a Hugging Face folder.</summary>
    /// <param name="folder">The folder; null: <see cref="TrainingArguments.OutputDir"/>.</param>
    public void SaveModel(string? folder = null) => ModelFiles.Save(this, folder ?? Args.OutputDir
        ?? throw new ArgumentException("SaveModel needs a folder: none was given and TrainingArguments.OutputDir is null.", nameof(folder)));

    /// <summary>Frees the optimizer; the model stays.</summary>
    public void Dispose()
    {
        FreeOptimizer();
        _random.Dispose();
        Checkpoints.Dispose();
        GC.SuppressFinalize(this);
    }

    private int ExamplesPerUpdate => Args.PerDeviceTrainBatchSize * Args.GradientAccumulationSteps;

    private DataLoader Load(Dataset dataset, Sampler? sampler, int batchSize) => new(dataset, sampler, CollatorFor(dataset), batchSize, Args.DataloaderDropLast)
    {
        WorkerCount = Args.DataloaderNumWorkers,
        PrefetchFactor = Args.DataloaderPrefetchFactor ?? 2,
    };

    private void CheckBeforeTraining() => Args.Validate(TrainingFaults.Of(this));

    // A model is made from the seed, whose stream training then goes on with.
    private (nn.Module<Batch, ModelOutput> Model, RandomState Random) NewModel(Func<nn.Module<Batch, ModelOutput>> modelInit)
    {
        var random = new RandomState(Args.ResolvedSeed);
        using var use = random.Use();
        var model = modelInit();
        (model as PretrainedModel)?.Config.Set("use_cache", JsonValue.Create(Args.UseCache));
        return (model, random);
    }

    private void RenewModel()
    {
        if (_modelInit is null || _isModelNew)
        {
            _isModelNew = false;
            return;
        }
        Model.Dispose();
        _random.Dispose();
        (Model, _random) = NewModel(_modelInit);
    }

    private void MakeOptimizer(int totalSteps)
    {
        FreeOptimizer();
        Optimizer = Optimizers.Optimizer ?? CreateOptimizer();
        var trained = Model.parameters().Select(p => p.Handle).ToHashSet();
        if (Optimizer.Groups.SelectMany(g => g.Parameters).FirstOrDefault(p => !trained.Contains(p.Parameter.Handle)) is { Parameter: not null } foreign)
            throw new ArgumentException($"The optimizer has a parameter '{foreign.Name}' that is none of the model's on {Device}; move the model to that device before the optimizer is made.", nameof(Optimizers));
        LearningRateScheduler = Optimizers.Scheduler ?? CreateScheduler(Optimizer, totalSteps);
    }

    private void FreeOptimizer()
    {
        if (Optimizer != Optimizers.Optimizer)
            Optimizer?.Dispose();
        Optimizer = null;
    }

    private void NoteStatefulCallbacks() => State.StatefulCallbacks = [Control, .. _callbacks.OfType<IStatefulCallback>()];
}
