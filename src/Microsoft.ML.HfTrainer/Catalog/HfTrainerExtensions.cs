using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML;

/// <summary>The entry points of Microsoft.ML.HfTrainer on <see cref="MLContext"/> and its catalogs.</summary>
public static class HfTrainerExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>The trainers of Hugging Face models. Languages without extension properties call <see cref="HfTrainerCatalog.Of"/>.</summary>
        public HfTrainerCatalog HfTrainer => HfTrainerCatalog.Of(mlContext);
    }

    /// <summary>Tokenises text as a Hugging Face model wants it, into the columns <c>InputIds</c>, <c>AttentionMask</c> and, where the model takes it, <c>TokenTypeIds</c>.</summary>
    /// <param name="catalog">The text transforms.</param>
    /// <param name="textColumnName">The column of texts, or of the first texts of pairs; vectors of text are texts that are split into words already.</param>
    /// <param name="pairColumnName">The column of second texts; null: there are no pairs.</param>
    /// <param name="model">
    /// The folder of a model or a tokenizer, or its id on the Hugging Face hub; null: the model of the package Microsoft.ML.HfTrainer.MiniLM, which the application then refers to.
    /// </param>
    /// <param name="maxLength">
    /// The longest sequence in tokens, special ones included; null: the tokenizer's <c>model_max_length</c>, at most the model's positions.
    /// </param>
    /// <param name="hub">How it is fetched from the hub: revision, token, cache; null: as the environment says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is no id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer, or no model is named and the package is not there.</exception>
    /// <exception cref="InvalidDataException">A file of the tokenizer is damaged.</exception>
    public static TokenizeHfEstimator TokenizeHf(
        this TransformsCatalog.TextTransforms catalog, string textColumnName = "Text", string? pairColumnName = null, string? model = null,
        int? maxLength = null, HubOptions? hub = null) => catalog.TokenizeHf(new TokenizeHfOptions
        {
            TextColumnName = textColumnName,
            PairColumnName = pairColumnName,
            Model = model,
            MaxLength = maxLength,
            Hub = hub,
        });

    /// <summary>Tokenises text as a Hugging Face model wants it, with all settings: truncation, windows over long texts, padding, offsets and more columns.</summary>
    /// <param name="catalog">The text transforms.</param>
    /// <param name="options">Columns, model, lengths, and the columns that are wanted besides.</param>
    /// <exception cref="ArgumentException">Options contradict each other or the tokenizer; the message names them.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is no id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer, or no model is named and the package is not there.</exception>
    /// <exception cref="InvalidDataException">A file of the tokenizer is damaged.</exception>
    public static TokenizeHfEstimator TokenizeHf(this TransformsCatalog.TextTransforms catalog, TokenizeHfOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new TokenizeHfEstimator(MlHost.For(catalog, nameof(TokenizeHfEstimator)), options);
    }

    /// <summary>
    /// Tokenises texts, or pairs of texts, and fine-tunes a Hugging Face model to classify them: one call in place of <c>TextClassification</c> of
    /// Microsoft.ML.TorchSharp, with its defaults. <c>TokenizeHf</c> and <c>mlContext.HfTrainer.SequenceClassification</c> do the same in two steps, with all
    /// settings.
    /// </summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The column of classes, a key.</param>
    /// <param name="scoreColumnName">The column that the classes' probabilities are written to.</param>
    /// <param name="outputColumnName">The column that the predicted class is written to.</param>
    /// <param name="sentence1ColumnName">The column of texts, or of the first texts of pairs.</param>
    /// <param name="sentence2ColumnName">The column of second texts; null: there are no pairs.</param>
    /// <param name="batchSize">Examples an update.</param>
    /// <param name="maxEpochs">Epochs to train.</param>
    /// <param name="model">The pretrained model, a folder or an id on the Hugging Face hub; null: the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="validationSet">Data to evaluate on after each epoch, raw or transformed like the training data; null: none.</param>
    /// <param name="maxLength">The longest sequence in tokens; null: the model's own limit.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    public static EstimatorChain<SequenceClassificationTransformer> HfTextClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string scoreColumnName = "Score", string outputColumnName = "PredictedLabel",
        string sentence1ColumnName = "Sentence1", string? sentence2ColumnName = null, int batchSize = 32, int maxEpochs = 10,
        string? model = null, IDataView? validationSet = null, int? maxLength = null, double learningRate = 5e-5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var tokenize = new TokenizeHfEstimator(MlHost.For(catalog, nameof(TokenizeHfEstimator)), new TokenizeHfOptions
        {
            TextColumnName = sentence1ColumnName,
            PairColumnName = sentence2ColumnName,
            Model = model,
            MaxLength = maxLength,
        });
        var options = new SequenceClassificationOptions
        {
            LabelColumnName = labelColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = outputColumnName,
            ValidationSet = validationSet,
            Arguments = new TrainingArguments
            {
                PerDeviceTrainBatchSize = batchSize,
                NumTrainEpochs = maxEpochs,
                LearningRate = learningRate,
                EvalStrategy = validationSet is null ? IntervalStrategy.No : IntervalStrategy.Epoch,
            },
        };
        return tokenize.Append(new SequenceClassificationEstimator(MlHost.For(catalog, nameof(SequenceClassificationEstimator)), options));
    }
}
