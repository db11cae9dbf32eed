using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training;
using Microsoft.ML.HfTrainer.Training.Search;
using TorchSharp;

namespace Microsoft.ML.HfTrainer;

/// <summary>What the estimators of all tasks share: they fine-tune a pretrained model on token columns and labels.</summary>
/// <typeparam name="TTransformer">The task's transformer.</typeparam>
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
    /// <param name="input">Data with token columns and labels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">A setting is wrong, the model does not fit the tokenizer, or the data is empty.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used, or a file of the model is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by <see cref="TrainingArguments.CancellationToken"/> or through the <see cref="MLContext"/>.
    /// </exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput(SchemaShapes.Of(input.Schema));
        if (_options is { Search: not null, ValidationSet: null })
            throw Host.Mark(new ArgumentException("The option Search compares evaluations, and there is nothing to evaluate on; set ValidationSet."));
        var arguments = _options.Arguments.Clone();
        arguments.Seed ??= Host.Seed;
        arguments.Validate();
        var device = ComputeDevice.Select(arguments.UseCpu ? null : Host.GpuDeviceId, Host.FallbackToCpu);
        var tokens = TokenColumns.Bind(Host, input.Schema);
        var folder = FindModel(tokens.Note, arguments.CancellationToken);
        var config = PretrainedConfig.FromPretrained(folder);
        var fit = new ModelFit(Host, ModelFolder.NameOf(folder), config, tokens.Note);
        fit.CheckTokenizer();
        using var channel = Host.Open("Train");
        var logger = new ChannelLogger(channel);
        var task = Bind(input.Schema);
        var budget = new MemoryBudget(_options.DataMemoryBudget);
        using var training = task.Read(new TokenData(Host, input, tokens, fit, budget, "the training data"));
        using var validation = _options.ValidationSet is { } view ? task.Read(TokenData.ForValidation(Host, view, tokens, fit, budget)) : null;
        var tokenizer = tokens.LoadTokenizer();
        TTransformer TrainOne(TrainingArguments own, TrialCallback? watch) => Train(task, folder, device, own, training, validation, tokenizer, logger, watch);
        return _options.Search is { } search ? new ModelSearch<TTransformer>(arguments, search, logger, TrainOne).Run() : TrainOne(arguments, null);
    }

    /// <inheritdoc/>
    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);

    // The option's, else the one that the tokenizer is of.
    private string FindModel(TokenizerNote note, CancellationToken cancellation)
    {
        var hub = HubMessages.ToLog(Host, _options.Hub);
        if (!hub.CancellationToken.CanBeCanceled)
            hub = hub with { CancellationToken = cancellation };
        return Path.TrimEndingDirectorySeparator((_options.Model, note.Folder) switch
        {
            ({ } model, _) => ModelFolder.Resolve(model, hub),
            (_, { } tokenizer) => ModelFolder.ResolveBeside(tokenizer, hub),
            _ => throw Host.Mark(new ArgumentException(
                $"The option Model is not set, and the tokenizer '{note.Name}' comes from a saved pipeline, which holds no model; set Model to a model folder or an id on the hub.")),
        });
    }

    /// <summary>Checks the columns that training needs.</summary>
    private protected virtual void CheckInput(SchemaShape shape) => TokenColumns.Check(Host, shape);

    /// <summary>What the training data says of the task.</summary>
    private protected abstract TaskBinding<TTransformer> Bind(DataViewSchema schema);

    private TTransformer Train(
        TaskBinding<TTransformer> task, string folder, torch.Device device, TrainingArguments arguments, Dataset training, Dataset? validation,
        HfTokenizer tokenizer, ChannelLogger logger, TrialCallback? watch)
    {
        var model = NewModel(task, folder, arguments);
        try
        {
            if (model.LoadReport.ToString() is { Length: > 0 } report)
                logger.Info($"Model '{ModelFolder.NameOf(folder)}': {report}.");
            model.to(device);
            using var trainer = new Trainer(
                model, arguments, training, validation, tokenizer, computeMetrics: _options.ComputeMetrics ?? task.ComputeMetrics,
                callbacks: [.. _options.Callbacks, new HostCallback(Host), .. watch is null ? Array.Empty<ITrainerCallback>() : [watch]], logger: logger) { ComputeLossFunc = task.Loss };
            var output = arguments.ResumeFromCheckpoint switch
            {
                null or "false" or "False" => trainer.Train(),
                "true" or "True" => trainer.Train(resumeFromCheckpoint: true),
                var checkpoint => trainer.Train(checkpoint),
            };
            if (watch is { Objective: null })
                trainer.Evaluate();
            return task.Finish(new TrainedModel(model, tokenizer, arguments.ToJson(), arguments.PerDeviceEvalBatchSize)
            {
                Output = output,
                LogHistory = trainer.State.LogHistory,
                Attention = _options.Attention,
            });
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // A new head is the first thing drawn from the seed; the trainer then begins with it anew.
    private PretrainedModel NewModel(TaskBinding<TTransformer> task, string folder, TrainingArguments arguments)
    {
        TorchLibrary.EnsureLoaded();
        using var random = new RandomState(arguments.ResolvedSeed);
        using var use = random.Use();
        return task.Load(folder, _options.Attention);
    }
}
