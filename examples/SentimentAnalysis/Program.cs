using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;
using SentimentAnalysis;

var settings = Settings.Parse(args);
var mlContext = new MLContext(seed: 42);
mlContext.Log += (_, e) =>
{
    if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        Console.WriteLine(e.Message);
};

// 1. Data: each line is a review and its label, 0 (negative) or 1 (positive).
var train = mlContext.Data.LoadFromTextFile<Review>(Path.Combine(settings.Data, "train.tsv"));
var test = mlContext.Data.LoadFromTextFile<Review>(Path.Combine(settings.Data, "dev.tsv"));

Console.WriteLine($"Data: {settings.Data}");
Console.WriteLine($"Model: {settings.Model ?? "all-MiniLM-L6-v2, from the package Microsoft.ML.HfTrainer.MiniLM"}");

// 2. Pipeline: convert labels to keys and texts to tokens, and fine-tune a pretrained encoder with a new classification head.
var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
    .Append(mlContext.Transforms.Text.TokenizeHf("Text", model: settings.Model, maxLength: 128))
    .Append(mlContext.HfTrainer.SequenceClassification(new SequenceClassificationOptions
    {
        ValidationSet = test,
        Arguments = new TrainingArguments
        {
            NumTrainEpochs = settings.Epochs,
            LearningRate = settings.LearningRate,
            PerDeviceTrainBatchSize = settings.BatchSize,
            PerDeviceEvalBatchSize = 32,
            WeightDecay = 0.01,
            WarmupSteps = 0.1,
            EvalStrategy = IntervalStrategy.Epoch,
            LoggingSteps = 10,
            DisableTqdm = false,
        },
    }))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("Sentiment", "PredictedLabel"));

// 3. Training.
var model = pipeline.Fit(train);

Console.WriteLine();
Console.WriteLine("Columns of the output:");
var predictions = model.Transform(test);
foreach (var column in predictions.Schema.Where(c => !c.IsHidden))
    Console.WriteLine($"  {column.Name,-15} {column.Type}");

// 4. Evaluation.
var metrics = mlContext.MulticlassClassification.Evaluate(predictions);
Console.WriteLine();
Console.WriteLine($"log-loss {metrics.LogLoss:F4}, macro accuracy {metrics.MacroAccuracy:F4}");
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
var right = metrics.ConfusionMatrix.Counts.Select((row, label) => row[label]).Sum();
var all = metrics.ConfusionMatrix.Counts.Sum(row => row.Sum());
Console.WriteLine(FormattableString.Invariant($"accuracy {right / all:F4} ({right:F0} of {all:F0})"));

// 5. Save, load, predict: the file is self-contained and needs neither the model folder nor network access.
mlContext.Model.Save(model, train.Schema, settings.Save);
(model as IDisposable)?.Dispose();
Console.WriteLine();
Console.WriteLine($"saved as {settings.Save} ({new FileInfo(settings.Save).Length / 1e6:F1} MB)");

var loaded = mlContext.Model.Load(settings.Save, out _);
using var engine = mlContext.Model.CreatePredictionEngine<Review, Prediction>(loaded);
const string Sentence = "This movie is amazing! The acting was incredible and the plot was gripping.";
var prediction = engine.Predict(new Review { Text = Sentence });
Console.WriteLine($"\"{Sentence}\"");
Console.WriteLine(FormattableString.Invariant($"  is {(prediction.Sentiment == "1" ? "positive" : "negative")} ({prediction.Score.Max():P1})"));
