namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Pipelines that tests train.</summary>
internal static class Classifiers
{
    /// <summary>Settings of a short run.</summary>
    public static SequenceClassificationOptions Options(Action<SequenceClassificationOptions>? change = null)
    {
        var options = new SequenceClassificationOptions
        {
            Arguments = new TrainingArguments { NumTrainEpochs = 1, PerDeviceTrainBatchSize = 4, LearningRate = 1e-3 },
        };
        change?.Invoke(options);
        return options;
    }

    /// <summary>Labels to keys, tokens, classifier, and the predicted key to its value.</summary>
    public static IEstimator<ITransformer> Pipeline(MLContext ml, TinyModel model, Action<SequenceClassificationOptions>? change = null) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.TokenizeHf("Text", model: model.Folder, maxLength: 24))
            .Append(ml.HfTrainer.SequenceClassification(Options(change)))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    /// <summary>A pipeline trained on a few rows.</summary>
    public static ITransformer Train(MLContext ml, TinyModel model, Action<SequenceClassificationOptions>? change = null, int rows = 8) =>
        Pipeline(ml, model, change).Fit(ml.Data.LoadFromEnumerable(Review.Some(rows)));

    /// <summary>The predictions of a pipeline for rows, in batches.</summary>
    public static List<Verdict> Predict(this ITransformer model, MLContext ml, IEnumerable<Review> rows) =>
        [.. ml.Data.CreateEnumerable<Verdict>(model.Transform(ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    /// <summary>What a pipeline gives without its last step: the predicted class is still a key.</summary>
    public static IDataView Score(this ITransformer model, IDataView data) =>
        ((IEnumerable<ITransformer>)model).SkipLast(1).Aggregate(data, (view, transformer) => transformer.Transform(view));

    /// <summary>The classifier in a pipeline.</summary>
    public static SequenceClassificationTransformer Classifier(this ITransformer model) =>
        ((IEnumerable<ITransformer>)model).OfType<SequenceClassificationTransformer>().Single();
}
