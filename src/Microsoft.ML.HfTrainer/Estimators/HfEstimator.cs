using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Search;
using TorchSharp;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of the estimators of all tasks, which fine-tune a pretrained model on token columns and labels.</summary>
/// <typeparam name="TTransformer">The transformer of the task.</typeparam>
public abstract class HfEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : HfTransformer
{
    private readonly HfTrainerOptions _options;

    private protected HfEstimator(MlHost host, HfTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Host, _options) = (host, options);
    }

    private protected MlHost Host { get; }

    /// <summary>Trains the model on the data, which is read once.</summary>
    /// <param name="input">The data, with token columns and labels.</param>
    /// <returns>The transformer with the trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">An option is wrong, the model does not fit the tokenizer, or the data is empty.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used, or a file of the model is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was canceled, by <see cref="TrainingArguments.CancellationToken"/> or through the <see cref="MLContext"/>.
    /// </exception>
    public TTransformer Fit(IDataView input) => Fit(input, default);

    /// <summary>Trains the model on the data on a thread of its own.</summary>
    /// <param name="input">The data, with token columns and labels.</param>
    /// <param name="cancellationToken">Cancels training after the current update, like <see cref="TrainingArguments.CancellationToken"/>, which is honored too.</param>
    /// <returns>The transformer with the trained model.</returns>
    /// <exception cref="OperationCanceledException">Training was canceled.</exception>
    /// <remarks>Further exceptions are those of <see cref="Fit(IDataView)"/>.</remarks>
    public async Task<TTransformer> FitAsync(IDataView input, CancellationToken cancellationToken = default) =>
        await Task.Factory.StartNew(() => Fit(input, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);

    /// <summary>Returns the shape of the schema that the transformer produces.</summary>
    /// <param name="inputSchema">The shape of the schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">Two columns of predictions have the same name.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(CheckedShapes(inputSchema));
    }

    /// <summary>Checks the columns that training needs.</summary>
    private protected abstract void CheckInput(SchemaShape shape);

    /// <summary>Returns the shapes of the columns that prediction adds. The input has been checked.</summary>
    private protected abstract IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input);

    /// <summary>Sets the task up for the schema of the training data.</summary>
    private protected abstract TrainingSetup Setup(DataViewSchema schema);

    /// <summary>Creates the transformer of a trained model.</summary>
    private protected abstract TTransformer Create(HfTask task, TrainedModel trained);

    // Checks the columns of the input, and that those of predictions do not hide each other.
    private SchemaShape.Column[] CheckedShapes(SchemaShape input)
    {
        CheckInput(input);
        SchemaShape.Column[] added = [.. OutputShapes(input)];
        return added.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is { Key: var name }
            ? throw Host.Mark(new ArgumentException($"Two columns of predictions have the name '{name}'; give each a name of its own in the options."))
            : added;
    }

    private TTransformer Fit(IDataView input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckedShapes(SchemaShapes.Of(input.Schema));
        CheckOptions();
        var arguments = _options.Arguments.Clone();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(arguments.CancellationToken, cancellationToken);
        arguments.CancellationToken = cancellation.Token;
        arguments.Seed ??= Host.Seed;
        arguments.Validate();
        var device = ComputeDevice.Select(arguments.UseCpu ? null : Host.GpuDeviceId, Host.FallbackToCpu, Host.Warn);
        var setup = Setup(input.Schema);
        var source = new RowSource(Host, "the training data");
        var columns = new TaskColumns(source, input.Schema, setup.Inputs);
        var format = setup.Task.ModelFormat;
        using var fitted = _options.WarmStart is { } start ? FittedModel.Of(Host, start, columns.Note) : null;
        var folder = fitted?.Folder ?? FindModel(format, columns.Note, arguments.CancellationToken);
        var check = new ModelCheck(Host, ModelFolder.NameOf(folder), format.ReadConfig(folder), columns.Note) { MaxLength = setup.MaxLength };
        check.CheckTokenizer();
        using var channel = Host.Open("Train");
        var logger = new ChannelLogger(channel);
        if (!setup.Trains)
            return CreateAsIs(setup, folder, device, arguments, columns.Tokenizer, logger);
        var data = new TaskData(setup, columns, check, new MemoryBudget(_options.DataMemoryBudget), arguments.CancellationToken);
        using var datasets = new TaskDatasets(data, input, source, _options);
        var tokenizer = columns.Tokenizer;
        TTransformer TrainOne(TrainingArguments own, TrialCallback? watch, SavedTrial? saved) => Train(setup, folder, device, own, datasets, tokenizer, logger, watch, saved);
        return _options.Search is { } search ? new ModelSearch<TTransformer>(arguments, search, logger, TrainOne).Run() : TrainOne(arguments, null, null);
    }

    private void CheckOptions()
    {
        if (_options is { ValidationSet: not null, ValidationSets.Count: > 0 })
            throw Host.Mark(new ArgumentException("The options ValidationSet and ValidationSets are both set; put the single set into ValidationSets under a name of its own."));
        if (_options is { WarmStart: not null, Model: { } model })
            throw Host.Mark(new ArgumentException($"The options WarmStart and Model ('{model}') are both set; training begins with one of them, leave the other out."));
        if (_options is { Search: not null, ValidationSet: null, ValidationSets.Count: 0 })
            throw Host.Mark(new ArgumentException("The option Search compares evaluations, and there is nothing to evaluate on; set ValidationSet."));
        if (_options.TrainerFactory is not null && (_options.OptimizerFactory is not null || _options.SchedulerFactory is not null))
            throw Host.Mark(new ArgumentException(
                "The option TrainerFactory is set together with OptimizerFactory or SchedulerFactory; override CreateOptimizer or CreateScheduler in the trainer instead."));
        // Callbacks, and a trainer of one's own, may evaluate too.
        if (_options is { Arguments: { EvalStrategy: IntervalStrategy.No, EvalOnStart: false }, Search: null, TrainerFactory: null, Callbacks.Count: 0 } && ValidationOption is { } unused)
            Host.Warn($"The option {unused} is set, and nothing evaluates on it, since EvalStrategy of the Arguments is No; set it to Epoch or Steps, or leave {unused} out.");
    }

    private string? ValidationOption => _options.ValidationSet is not null ? nameof(_options.ValidationSet) : _options.ValidationSets.Count > 0 ? nameof(_options.ValidationSets) : null;

    // The model of the options or, by default, the one that the tokenizer belongs to.
    private string FindModel(ModelFormat format, TokenizerNote note, CancellationToken cancellation)
    {
        var hub = HubMessages.ToLog(Host, _options.Hub);
        if (!hub.CancellationToken.CanBeCanceled)
            hub = hub with { CancellationToken = cancellation };
        return Path.TrimEndingDirectorySeparator((_options.Model, note.Folder) switch
        {
            ({ } model, _) => ModelFolder.Resolve(model, hub, format.Manifest),
            (_, { } tokenizer) => ModelFolder.ResolveBeside(format.FolderBeside(tokenizer), hub, format.Manifest),
            _ => throw Host.Mark(new ArgumentException(
                $"The option Model is not set, and the tokenizer '{note.Name}' comes from a saved pipeline, which holds no model; set Model to a model folder or an id on the hub.")),
        });
    }

    private TTransformer Train(
        TrainingSetup setup, string folder, torch.Device device, TrainingArguments arguments, TaskDatasets datasets, HfTokenizer tokenizer, ChannelLogger logger,
        TrialCallback? watch, SavedTrial? saved)
    {
        var model = NewModel(setup, folder, arguments, tokenizer, logger);
        try
        {
            model.to(device);
            using var trainer = NewTrainer(setup, new TrainerParts
            {
                Model = model,
                Args = arguments,
                TrainDataset = datasets.Training,
                EvalDataset = datasets.Validation,
                EvalDatasets = datasets.Validations,
                Tokenizer = tokenizer,
                DataCollator = (_options.DataCollator ?? setup.Collator)?.Invoke(model, tokenizer) ?? setup.Task.Collator(tokenizer),
                ComputeMetrics = _options.ComputeMetrics ?? setup.Metrics,
                ComputeLossFunc = _options.ComputeLossFunc ?? setup.Loss,
                Callbacks = [.. _options.Callbacks, new HostCallback(Host), .. watch is null ? Array.Empty<ITrainerCallback>() : [watch]],
                Logger = logger,
            });
            var output = saved is null ? Train(trainer) : Load(model, saved);
            if (watch is { Objective: null })
                trainer.Evaluate();
            return Create(setup.Task, new TrainedModel(model, tokenizer, arguments.ToJson(), arguments.ExplicitEvalBatchSize ?? TrainedModel.DefaultBatchSize)
            {
                Output = output,
                LogHistory = saved?.State.LogHistory ?? trainer.State.LogHistory,
                Attention = _options.Attention,
            });
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static TrainOutput Train(Trainer trainer) => trainer.Args.ResumeFromCheckpoint switch
    {
        null or "false" or "False" => trainer.Train(),
        "true" or "True" => trainer.Train(resumeFromCheckpoint: true),
        var checkpoint => trainer.Train(checkpoint),
    };

    private static TrainOutput? Load(PretrainedModel model, SavedTrial saved)
    {
        ModelFiles.Load(model, saved.Weights);
        model.eval();
        return null;
    }

    private Trainer NewTrainer(TrainingSetup setup, TrainerParts parts)
    {
        if (_options.TrainerFactory is not { } factory)
            return setup.Trainer?.Invoke(parts) ?? new TaskTrainer(parts, _options);
        var trainer = factory(parts) ?? throw Host.Mark(new ArgumentException("The option TrainerFactory returned null; it should return a trainer."));
        if (trainer.Model == parts.Model)
            return trainer;
        trainer.Dispose();
        throw Host.Mark(new ArgumentException("The option TrainerFactory returned a trainer of another model; pass the parts that it receives to the base constructor."));
    }

    // The pretrained model does the task already.
    private TTransformer CreateAsIs(TrainingSetup setup, string folder, torch.Device device, TrainingArguments arguments, HfTokenizer tokenizer, ChannelLogger logger)
    {
        var model = NewModel(setup, folder, arguments, tokenizer, logger);
        try
        {
            model.to(device);
            return Create(setup.Task, new TrainedModel(model, tokenizer, arguments.ToJson(), arguments.ExplicitEvalBatchSize ?? TrainedModel.DefaultBatchSize) { Attention = _options.Attention });
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // A new head is the first thing drawn from the seed; the trainer then begins with it anew.
    private PretrainedModel NewModel(TrainingSetup setup, string folder, TrainingArguments arguments, HfTokenizer tokenizer, ChannelLogger logger)
    {
        var model = setup.Task.ModelFormat.Load(folder, setup.Model with { Attention = _options.Attention, Seed = arguments.ResolvedSeed }, setup.Task.Head);
        if (model.LoadReport.ToString() is { Length: > 0 } report)
            logger.Info($"Model '{ModelFolder.NameOf(folder)}': {report}.");
        setup.Prepare?.Invoke(model, tokenizer);
        return model;
    }
}
