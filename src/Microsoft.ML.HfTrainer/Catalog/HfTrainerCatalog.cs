using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

/// <summary>The catalog of trainers of Hugging Face models, <c>mlContext.HfTrainer</c>.</summary>
public sealed class HfTrainerCatalog
{
    private readonly MLContext _mlContext;

    private HfTrainerCatalog(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>Returns the catalog of a context, for languages without extension properties.</summary>
    /// <param name="mlContext">The context.</param>
    public static HfTrainerCatalog Of(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new HfTrainerCatalog(mlContext);
    }

    /// <summary>Creates a <see cref="SequenceClassificationEstimator"/>, which fine-tunes a model to classify texts or pairs of texts that <c>TokenizeHf</c> has tokenized.</summary>
    /// <param name="options">The columns, the model, the validation set, the training arguments, the callbacks and so on.</param>
    public SequenceClassificationEstimator SequenceClassification(SequenceClassificationOptions options) =>
        new(MlHost.For(_mlContext, nameof(SequenceClassificationEstimator)), options);

    /// <summary>Creates a <see cref="SequenceClassificationEstimator"/>, which fine-tunes a model to classify texts or pairs of texts that <c>TokenizeHf</c> has tokenized.</summary>
    /// <param name="labelColumnName">The name of the label column, a key.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted classes.</param>
    /// <param name="scoreColumnName">The name of the column of class probabilities.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples per update.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
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
