using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Trains models that generate text. With <see cref="TrainingArguments.PredictWithGenerate"/>, evaluation and prediction generate it: the predictions are token ids, padded to the maximum
/// length of the model's generation settings, and so are the labels.
/// </summary>
public class Seq2SeqTrainer : Trainer
{
    private GenerationConfig? _call;

    /// <inheritdoc cref="Trainer(nn.Module{Batch, ModelOutput}, TrainingArguments?, Dataset?, Dataset?, HfTokenizer?, IDataCollator?, Func{EvalPrediction, IReadOnlyDictionary{string, double}}?, IEnumerable{ITrainerCallback}?, ILogger?)"/>
    public Seq2SeqTrainer(
        nn.Module<Batch, ModelOutput> model,
        TrainingArguments? args = null,
        Dataset? trainDataset = null,
        Dataset? evalDataset = null,
        HfTokenizer? tokenizer = null,
        IDataCollator? dataCollator = null,
        Func<EvalPrediction, IReadOnlyDictionary<string, double>>? computeMetrics = null,
        IEnumerable<ITrainerCallback>? callbacks = null,
        ILogger? logger = null)
        : base(model, args, trainDataset, evalDataset, tokenizer, dataCollator, computeMetrics, callbacks, logger) => UseGenerationConfig();

    /// <inheritdoc cref="Trainer(Func{nn.Module{Batch, ModelOutput}}, TrainingArguments?, Dataset?, Dataset?, HfTokenizer?, IDataCollator?, Func{EvalPrediction, IReadOnlyDictionary{string, double}}?, IEnumerable{ITrainerCallback}?, ILogger?)"/>
    public Seq2SeqTrainer(
        Func<nn.Module<Batch, ModelOutput>> modelInit,
        TrainingArguments? args = null,
        Dataset? trainDataset = null,
        Dataset? evalDataset = null,
        HfTokenizer? tokenizer = null,
        IDataCollator? dataCollator = null,
        Func<EvalPrediction, IReadOnlyDictionary<string, double>>? computeMetrics = null,
        IEnumerable<ITrainerCallback>? callbacks = null,
        ILogger? logger = null)
        : base(modelInit, args, trainDataset, evalDataset, tokenizer, dataCollator, computeMetrics, callbacks, logger) => UseGenerationConfig();

    /// <inheritdoc cref="Trainer(TrainerParts)"/>
    public Seq2SeqTrainer(TrainerParts parts) : base(parts) => UseGenerationConfig();

    /// <summary>Evaluates a dataset with other generation settings, and logs the metrics.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="config">The settings; what they leave out is that of the arguments and of the model.</param>
    /// <param name="metricKeyPrefix">The prefix of the names of the metrics.</param>
    /// <returns>The loss and the metrics by name.</returns>
    public IReadOnlyDictionary<string, double> Evaluate(Dataset dataset, GenerationConfig config, string metricKeyPrefix = "eval") => With(config, () => Evaluate(dataset, metricKeyPrefix));

    /// <summary>Predicts a dataset with other generation settings. Nothing is logged.</summary>
    /// <param name="dataset">The examples, with or without labels.</param>
    /// <param name="config">The settings; what they leave out is that of the arguments and of the model.</param>
    /// <param name="metricKeyPrefix">The prefix of the names of the metrics.</param>
    /// <returns>The token ids, labels and metrics, in the order of the dataset.</returns>
    public PredictionOutput Predict(Dataset dataset, GenerationConfig config, string metricKeyPrefix = "test") => With(config, () => Predict(dataset, metricKeyPrefix));

    /// <summary>Generates the target of each text of a batch, if the arguments ask for it, and computes the loss if the batch has labels.</summary>
    protected override ModelOutput PredictionStep(Batch batch)
    {
        if (!Args.PredictWithGenerate || PredictsLossOnly)
            return base.PredictionStep(batch);
        using var scope = NewDisposeScope();
        var model = UseGenerationConfig()!;
        // Decoder inputs that were made of the labels would give them away.
        var start = batch.Find("decoder_input_ids") is { } given && batch.Find(Batch.Labels)?.shape.SequenceEqual(given.shape) != true ? given : null;
        var sequences = model.Generate(batch.Get("input_ids"), batch.Find("attention_mask"), Settings(), new GenerationOptions { DecoderInputIds = start }, Cancellation).Sequences;
        var loss = batch.ContainsKey(Batch.Labels) ? base.PredictionStep(batch).Loss : null;
        if (batch.Find(Batch.Labels) is { } labels)
        {
            batch[Batch.Labels] = Padded(labels, model).DetachFromDisposeScope();
            if (!ReferenceEquals(batch[Batch.Labels], labels))
                labels.Dispose();
        }
        return new ModelOutput { Logits = Padded(sequences, model), Loss = loss }.MoveToOuterDisposeScope();
    }

    private GenerationConfig Settings()
    {
        var settings = _call?.Clone() ?? new GenerationConfig();
        if (settings.MaxLength is null && settings.MaxNewTokens is null)
            settings.MaxLength = Args.GenerationMaxLength;
        settings.NumBeams ??= Args.GenerationNumBeams;
        return settings;
    }

    // To the maximum length of the model's settings, not of the call's, as the Hugging Face Trainer pads.
    private Tensor Padded(Tensor ids, PretrainedModel model)
    {
        const int DefaultMaxLength = 20;
        var config = model.GenerationConfig;
        var (width, longest) = (ids.shape[1], config.MaxLength ?? DefaultMaxLength);
        var length = width < longest ? longest : config.MaxNewTokens is { } added && width <= added ? added + 1 : width;
        if (length == width)
            return ids;
        var padding = (Tokenizer is { } tokenizer ? tokenizer.PadTokenId ?? tokenizer.EosTokenId : null) ?? model.Config.GetIntOrNull("pad_token_id")
            ?? throw new InvalidOperationException("Predictions are padded to one length: the tokenizer or the model's configuration (pad_token_id) should have a padding token.");
        return cat([ids, full([ids.shape[0], length - width], padding, ids.dtype, ids.device)], 1);
    }

    private PretrainedModel? UseGenerationConfig()
    {
        if (Model is not PretrainedModel model)
        {
            return Args.PredictWithGenerate || Args.GenerationConfig is not null
                ? throw new NotSupportedException($"TrainingArguments.PredictWithGenerate or GenerationConfig is set, but the model, a {Model.GetType().Name}, is not a {nameof(PretrainedModel)}, which generates.")
                : null;
        }
        if (Args.GenerationConfig is { } config && !ReferenceEquals(model.GenerationFields, config))
            model.GenerationConfig = config;
        return model;
    }

    private T With<T>(GenerationConfig config, Func<T> run)
    {
        ArgumentNullException.ThrowIfNull(config);
        _call = config;
        try
        {
            return run();
        }
        finally
        {
            _call = null;
        }
    }
}
