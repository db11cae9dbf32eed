using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Precision;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Trains and evaluates a model and predicts with it, in any order and as often as needed. Its steps are virtual: derive from it to change the loss, the optimizer,
/// the order of the data and so on.
/// </summary>
/// <remarks>
/// Random numbers come from a stream of the trainer's own, seeded when it is created; the process-wide generators of libtorch are left as they were. Trainers in parallel give the same
/// numbers as one after the other: they take turns, one micro-batch each. A new head of a model that was made before is not of that stream: see <see cref="FromPretrainedOptions.Seed"/>.
/// </remarks>
public partial class Trainer : IDisposable
{
    private readonly Func<nn.Module<Batch, ModelOutput>>? _modelInit;
    private readonly RunContext _context;

    /// <summary>Creates a trainer of a model.</summary>
    /// <param name="model">The model; it is moved to the device that trains. Implement <see cref="ITrainableModel"/> to describe a module of your own.</param>
    /// <param name="args">The arguments; null for the defaults.</param>
    /// <param name="trainDataset">The examples to train on; required by <see cref="Train(string?)"/>.</param>
    /// <param name="evalDataset">The examples to evaluate on; required if the arguments ask for evaluations. For several sets use <see cref="EvalDatasets"/>.</param>
    /// <param name="tokenizer">The tokenizer: gives the default collator its padding, and is saved with checkpoints.</param>
    /// <param name="dataCollator">Creates batches from examples. By default, pads with the tokenizer, or stacks if there is no tokenizer.</param>
    /// <param name="computeMetrics">Computes metrics from all predictions; null to report only the loss.</param>
    /// <param name="callbacks">Callbacks that run after <see cref="DefaultFlowCallback"/> and before the progress bar.</param>
    /// <param name="logger">The logger of informational messages and warnings; null for none.</param>
    /// <exception cref="ArgumentException">Arguments are out of range, unknown, or contradict each other.</exception>
    public Trainer(
        nn.Module<Batch, ModelOutput> model,
        TrainingArguments? args = null,
        Dataset? trainDataset = null,
        Dataset? evalDataset = null,
        HfTokenizer? tokenizer = null,
        IDataCollator? dataCollator = null,
        Func<EvalPrediction, IReadOnlyDictionary<string, double>>? computeMetrics = null,
        IEnumerable<ITrainerCallback>? callbacks = null,
        ILogger? logger = null)
        : this(() => model ?? throw new ArgumentNullException(nameof(model)), args, trainDataset, evalDataset, tokenizer, dataCollator, computeMetrics, callbacks, logger)
    {
        _modelInit = null;
    }

    /// <summary>Creates a trainer that creates its model, anew and from the seed for each <see cref="Train(string?)"/>.</summary>
    /// <param name="modelInit">Creates the model. The trainer disposes each model but the last one.</param>
    /// <param name="args">The arguments; null for the defaults.</param>
    /// <param name="trainDataset">The examples to train on; required by <see cref="Train(string?)"/>.</param>
    /// <param name="evalDataset">The examples to evaluate on; required if the arguments ask for evaluations. For several sets use <see cref="EvalDatasets"/>.</param>
    /// <param name="tokenizer">The tokenizer: gives the default collator its padding, and is saved with checkpoints.</param>
    /// <param name="dataCollator">Creates batches from examples. By default, pads with the tokenizer, or stacks if there is no tokenizer.</param>
    /// <param name="computeMetrics">Computes metrics from all predictions; null to report only the loss.</param>
    /// <param name="callbacks">Callbacks that run after <see cref="DefaultFlowCallback"/> and before the progress bar.</param>
    /// <param name="logger">The logger of informational messages and warnings; null for none.</param>
    /// <exception cref="ArgumentException">Arguments are out of range, unknown, or contradict each other.</exception>
    public Trainer(
        Func<nn.Module<Batch, ModelOutput>> modelInit,
        TrainingArguments? args = null,
        Dataset? trainDataset = null,
        Dataset? evalDataset = null,
        HfTokenizer? tokenizer = null,
        IDataCollator? dataCollator = null,
        Func<EvalPrediction, IReadOnlyDictionary<string, double>>? computeMetrics = null,
        IEnumerable<ITrainerCallback>? callbacks = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(modelInit);
        TorchLibrary.EnsureLoaded();
        args ??= new TrainingArguments();
        args.Validate();
        if (args.PredictWithGenerate && this is not Seq2SeqTrainer)
            throw new ArgumentException($"PredictWithGenerate is true, but a {GetType().Name} does not generate; create a {nameof(Seq2SeqTrainer)}.", nameof(args));
        logger ??= NullLogger.Instance;
        foreach (var warning in args.Warnings)
            logger.Warning(warning);
        (TrainDataset, EvalDataset, Tokenizer, ComputeMetrics, _modelInit) = (trainDataset, evalDataset, tokenizer, computeMetrics, modelInit);
        DataCollator = dataCollator ?? (tokenizer is null ? new DefaultDataCollator() : new DataCollatorWithPadding(tokenizer));
        var source = new ModelSource(modelInit, args);
        _context = new RunContext
        {
            Trainer = this, Args = args, Logger = logger, Source = source, Device = source.Device, Checkpoints = new RunCheckpoints(args),
            Communicator = ProcessGroup.Join(TimeSpan.FromSeconds(args.DdpTimeout)), TrainBatchSize = args.PerDeviceTrainBatchSize, GivenCallbacks = [.. callbacks ?? []],
        };
        ProcessSwitches.UseTensorFloat32(args.ToPrecisionSettings(), Device);
        _context.Notify(c => c.OnInitEnd(_context.Events));
    }

    /// <summary>Creates the trainer of an estimator: the base constructor of classes that <see cref="HfTrainerOptions.TrainerFactory"/> creates.</summary>
    /// <param name="parts">The parts that the estimator made.</param>
    /// <exception cref="ArgumentException">Arguments are out of range, unknown, or contradict each other.</exception>
    public Trainer(TrainerParts parts) : this(
        (parts ?? throw new ArgumentNullException(nameof(parts))).Model, parts.Args, parts.TrainDataset, parts.EvalDataset, parts.Tokenizer, parts.DataCollator, parts.ComputeMetrics, parts.Callbacks,
        parts.Logger) => (EvalDatasets, ComputeLossFunc) = (parts.EvalDatasets, parts.ComputeLossFunc);

    /// <summary>Gets the model.</summary>
    public nn.Module<Batch, ModelOutput> Model => _context.Model;

    /// <summary>Gets the arguments.</summary>
    public TrainingArguments Args => _context.Args;

    /// <summary>Gets the examples to train on.</summary>
    public Dataset? TrainDataset { get; }

    /// <summary>Gets the examples to evaluate on.</summary>
    public Dataset? EvalDataset { get; }

    /// <summary>Gets several evaluation sets by name, in place of <see cref="EvalDataset"/>. Their metrics are named <c>eval_{name}_loss</c> and so on.</summary>
    public IReadOnlyDictionary<string, Dataset>? EvalDatasets { get; init; }

    /// <summary>Gets the tokenizer that is saved with checkpoints.</summary>
    public HfTokenizer? Tokenizer { get; }

    /// <summary>Gets the collator that creates batches from examples.</summary>
    public IDataCollator DataCollator { get; }

    /// <summary>Gets the function that computes metrics from all predictions.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; }

    /// <summary>
    /// Gets the function that accumulates metrics batch by batch, so that memory does not grow with the dataset. It is called with each batch and true for the last
    /// one, for which it returns the metrics of all. With the first batch (<see cref="EvalPrediction.IsFirstBatch"/>) it starts over. Used in place of <c>computeMetrics</c> if <see cref="TrainingArguments.BatchEvalMetrics"/> is set.
    /// </summary>
    public Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>>? ComputeBatchMetrics { get; init; }

    /// <summary>Gets the function that transforms the logits of a batch, for example by their argmax, before metrics and predictions receive them. Its second argument are the labels, or null.</summary>
    public Func<Tensor, Tensor?, Tensor>? PreprocessLogitsForMetrics { get; init; }

    /// <summary>Gets the loss function. If null, the loss is the model's own.</summary>
    public LossFunction? ComputeLossFunc { get; init; }

    /// <summary>Gets an optimizer, and optionally a schedule for it, in place of those that the arguments name. The caller disposes them.</summary>
    public (Optimizer? Optimizer, LearningRateScheduler? Scheduler) Optimizers { get; init; }

    /// <summary>Gets the callbacks, in the order in which they are called.</summary>
    public IReadOnlyList<ITrainerCallback> Callbacks => _context.Callbacks.All;

    /// <summary>Gets the state of the current or last run.</summary>
    public TrainerState State => _context.State;

    /// <summary>Gets the flags by which callbacks steer the training loop.</summary>
    public TrainerControl Control => _context.Control;

    /// <summary>Gets the logger.</summary>
    public ILogger Logger => _context.Logger;

    /// <summary>Gets the device that computes.</summary>
    public Device Device => _context.Device;

    /// <summary>Gets the optimizer; null before <see cref="Train(string?)"/>.</summary>
    public Optimizer? Optimizer => _context.Optimizer;

    /// <summary>Gets the learning-rate schedule; null before <see cref="Train(string?)"/>.</summary>
    public LearningRateScheduler? LearningRateScheduler => _context.Scheduler;

    /// <summary>Gets the number of examples per training micro-batch: <see cref="TrainingArguments.PerDeviceTrainBatchSize"/>, or less if that did not fit into memory.</summary>
    protected int TrainBatchSize => _context.TrainBatchSize;

    /// <summary>Gets whether the current evaluation collects only the loss, so that <see cref="PredictionStep"/> need not give predictions.</summary>
    protected bool PredictsLossOnly => _context.PredictsLossOnly;

    internal RunCheckpoints Checkpoints => _context.Checkpoints;

    internal string NewestCheckpoint() => _context.NewestCheckpoint();

    internal int? PredictionSteps => _context.PredictionSteps;

    internal MixedPrecision Precision { get => _context.Precision; init => _context.Precision = value; }

    /// <summary>Trains the model, from the newest intact checkpoint in <see cref="TrainingArguments.OutputDir"/>.</summary>
    /// <param name="resumeFromCheckpoint">false to train from the beginning.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    public TrainOutput Train(bool resumeFromCheckpoint) => Train(resumeFromCheckpoint ? NewestCheckpoint() : null);

    /// <summary>The token that ends what the trainer does now.</summary>
    internal CancellationToken Cancellation => _context.Mode.Cancellation;

    /// <summary>Trains the model.</summary>
    /// <param name="resumeFromCheckpoint">The checkpoint to resume weights, optimizer, schedule, position in the data and random numbers from; null to train from the beginning.</param>
    /// <returns>The number of updates, the mean loss and the speed.</returns>
    /// <exception cref="ArgumentException">The arguments do not fit this trainer, or the dataset is empty.</exception>
    /// <exception cref="OperationCanceledException">
    /// <see cref="TrainingArguments.CancellationToken"/> was canceled; the model keeps the updates made. With <see cref="TrainingArguments.EnableJitCheckpoint"/> also after SIGTERM or
    /// Ctrl-C; the message then names the checkpoint.
    /// </exception>
    public TrainOutput Train(string? resumeFromCheckpoint = null) => Train(resumeFromCheckpoint, Args.CancellationToken);

    /// <summary>Trains the model on a thread of its own.</summary>
    /// <param name="resumeFromCheckpoint">The checkpoint to resume from; null to train from the beginning.</param>
    /// <param name="cancellationToken">Ends training after the current update, like <see cref="TrainingArguments.CancellationToken"/>, which is honored too.</param>
    /// <returns>The number of updates, the mean loss and the speed.</returns>
    /// <exception cref="OperationCanceledException">A token was canceled, or a signal received, as for <see cref="Train(string?)"/>; the model keeps the updates made.</exception>
    public async Task<TrainOutput> TrainAsync(string? resumeFromCheckpoint = null, CancellationToken cancellationToken = default)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Args.CancellationToken, cancellationToken);
        return await Task.Factory.StartNew(() => Train(resumeFromCheckpoint, cancellation.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    /// <summary>Evaluates the evaluation set, or each of <see cref="EvalDatasets"/> under its name, and logs the metrics.</summary>
    /// <param name="metricKeyPrefix">The prefix of the names of the metrics.</param>
    /// <returns>The loss and the metrics by name.</returns>
    public IReadOnlyDictionary<string, double> Evaluate(string metricKeyPrefix = "eval")
    {
        if (EvalDatasets is not { } sets)
            return Evaluate(EvalDataset ?? throw new InvalidOperationException("Evaluate needs a dataset: none was given, and this trainer was made without an evalDataset."), metricKeyPrefix);
        return new LogRecord(sets.SelectMany(set => Evaluate(set.Value, $"{metricKeyPrefix}_{set.Key}")).DistinctBy(m => m.Key));
    }

    /// <summary>Evaluates a dataset and logs the metrics.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="metricKeyPrefix">The prefix of the names of the metrics.</param>
    /// <returns>The loss and the metrics by name.</returns>
    /// <exception cref="ArgumentException">The dataset gives no batch.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(Dataset dataset, string metricKeyPrefix = "eval")
    {
        ArgumentNullException.ThrowIfNull(dataset);
        // Predictions that no metric reads are not kept.
        using var output = RunEvaluation(dataset, metricKeyPrefix, lossOnly: Args.PredictionLossOnly || (Args.BatchEvalMetrics ? ComputeBatchMetrics is null : ComputeMetrics is null), keep: !Args.BatchEvalMetrics);
        var metrics = new LogRecord(output.Metrics);
        Log(metrics);
        Control.ShouldEvaluate = false;
        _context.Notify(c => c.OnEvaluate(_context.Events, metrics));
        return metrics;
    }

    /// <summary>Predicts a dataset. Nothing is logged.</summary>
    /// <param name="dataset">The examples, with or without labels.</param>
    /// <param name="metricKeyPrefix">The prefix of the names of the metrics.</param>
    /// <returns>The logits, labels and metrics, in the order of the dataset.</returns>
    /// <exception cref="ArgumentException">The dataset gives no batch.</exception>
    public PredictionOutput Predict(Dataset dataset, string metricKeyPrefix = "test")
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var output = RunEvaluation(dataset, metricKeyPrefix, lossOnly: Args.PredictionLossOnly, keep: true);
        _context.Notify(c => c.OnPredict(_context.Events, output.Metrics));
        return output;
    }

    /// <summary>Adds a callback after all others.</summary>
    public void AddCallback(ITrainerCallback callback) => _context.Callbacks.Add(callback ?? throw new ArgumentNullException(nameof(callback)));

    /// <summary>Removes a callback.</summary>
    /// <returns>true if it was there.</returns>
    public bool RemoveCallback(ITrainerCallback callback) => _context.Callbacks.Remove(callback);

    /// <summary>Saves model, configuration and tokenizer as a Hugging Face folder.</summary>
    /// <param name="folder">The folder; if null, <see cref="TrainingArguments.OutputDir"/>.</param>
    public void SaveModel(string? folder = null)
    {
        folder ??= Args.OutputDir ?? throw new ArgumentException("SaveModel needs a folder: none was given and TrainingArguments.OutputDir is null.", nameof(folder));
        if (_context.Communicator.IsMain)
            RunCheckpoints.SaveModel(this, folder);
    }

    /// <summary>Frees the optimizer; the model stays.</summary>
    public void Dispose()
    {
        _context.Dispose();
        GC.SuppressFinalize(this);
    }

    private TrainOutput Train(string? checkpoint, CancellationToken cancellation)
    {
        Args.Validate(TrainingFaults.Of(this));
        foreach (var (name, set) in EvalDatasets ?? new Dictionary<string, Dataset>())
            ColumnAgreement.Check(TrainDataset, set, $"the evaluation set '{name}'", _context.Source.Description, Logger);
        if (EvalDataset is { } evaluation)
            ColumnAgreement.Check(TrainDataset, evaluation, "the evaluation set", _context.Source.Description, Logger);
        if (_modelInit is not null)
            _context.Source.Renew();
        return TrainingLoop.Run(_context, checkpoint, cancellation);
    }

    private PredictionOutput RunEvaluation(Dataset dataset, string prefix, bool lossOnly, bool keep)
    {
        // Those of a training run were compared when it began.
        if (_context.Mode is StandaloneEvaluation)
            ColumnAgreement.Check(TrainDataset, dataset, "the data to evaluate or predict", _context.Source.Description, Logger);
        var loop = new EvaluationLoop(_context, new EvaluationFunctions(ComputeMetrics, ComputeBatchMetrics, PreprocessLogitsForMetrics));
        return _context.Mode.Evaluate(() => loop.Run(dataset, prefix, lossOnly, keep));
    }
}
