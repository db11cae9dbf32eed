using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

/// <summary>The trainers of Hugging Face models, reached as <c>mlContext.HfTrainer</c>.</summary>
public sealed class HfTrainerCatalog
{
    private readonly MLContext _mlContext;

    private HfTrainerCatalog(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>The trainers of a context, for languages that have no extension properties.</summary>
    /// <param name="mlContext">The context.</param>
    public static HfTrainerCatalog Of(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new HfTrainerCatalog(mlContext);
    }

    /// <summary>Fine-tunes a model to classify texts, or pairs of texts, that <c>TokenizeHf</c> has tokenised.</summary>
    /// <param name="options">Columns, model, validation set, training arguments and callbacks.</param>
    public SequenceClassificationEstimator SequenceClassification(SequenceClassificationOptions options) =>
        new(MlHost.For(_mlContext, nameof(SequenceClassificationEstimator)), options);

    /// <summary>Fine-tunes a model to classify texts, or pairs of texts, that <c>TokenizeHf</c> has tokenised.</summary>
    /// <param name="labelColumnName">The column of classes, a key.</param>
    /// <param name="predictedLabelColumnName">The column that the predicted class is written to.</param>
    /// <param name="scoreColumnName">The column that the classes' probabilities are written to.</param>
    /// <param name="model">The pretrained model, a folder or an id on the Hugging Face hub; null: the one that <c>TokenizeHf</c> has its tokenizer from.</param>
    /// <param name="batchSize">Examples an update.</param>
    /// <param name="maxEpochs">Epochs to train.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">Data to evaluate on after each epoch; null: none.</param>
    public SequenceClassificationEstimator SequenceClassification(
        string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        SequenceClassification(new SequenceClassificationOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = new TrainingArguments
            {
                PerDeviceTrainBatchSize = batchSize,
                NumTrainEpochs = maxEpochs,
                LearningRate = learningRate,
                EvalStrategy = validationSet is null ? IntervalStrategy.No : IntervalStrategy.Epoch,
            },
        });
}
