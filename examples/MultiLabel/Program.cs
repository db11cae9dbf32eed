using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

// The number of epochs may be given: dotnet run -- 2
var epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var mlContext = new MLContext(seed: 42);

// 1. Data: each line is what a hotel guest wrote, and 1 or 0 for each topic; the header of the file names the topics.
var data = Path.Combine(AppContext.BaseDirectory, "data");
var train = mlContext.Data.LoadFromTextFile<Comment>(Path.Combine(data, "train.tsv"), hasHeader: true);
var test = mlContext.Data.LoadFromTextFile<Comment>(Path.Combine(data, "test.tsv"), hasHeader: true);

// 2. Pipeline: topics to one vector, whose slots are named after them, texts to tokens, and a new head that decides about each topic.
string[] topics = ["Room", "Staff", "Food", "Price", "Location"];
var pipeline = mlContext.Transforms.Concatenate("Topics", topics)
    .Append(mlContext.Transforms.Text.TokenizeHf("Text", maxLength: 64))
    .Append(mlContext.HfTrainer.SequenceClassification(new SequenceClassificationOptions
    {
        LabelColumnName = "Topics",
        Arguments = new TrainingArguments { NumTrainEpochs = epochs, LearningRate = 2e-4, PerDeviceTrainBatchSize = 16 },
    }));
var model = pipeline.Fit(train);

// 3. Evaluation.
Console.WriteLine(mlContext.HfTrainer.EvaluateMultiLabel(model.Transform(test), "Topics"));

// 4. Save, load, predict.
const string Saved = "topics.zip";
mlContext.Model.Save(model, train.Schema, Saved);
Console.WriteLine($"saved as {Saved}");
using var engine = mlContext.Model.CreatePredictionEngine<Comment, Prediction>(mlContext.Model.Load(Saved, out _));
const string Text = "The bed was hard and the bathroom dirty, but the people at the desk did all they could.";
Console.WriteLine(Text);
foreach (var (topic, probability) in topics.Zip(engine.Predict(new Comment { Text = Text }).Probability))
    Console.WriteLine(FormattableString.Invariant($"  {topic}: {probability:P0}"));

internal sealed class Comment
{
    [LoadColumn(0)]
    public string Text { get; set; } = "";

    [LoadColumn(1)]
    public bool Room { get; set; }

    [LoadColumn(2)]
    public bool Staff { get; set; }

    [LoadColumn(3)]
    public bool Food { get; set; }

    [LoadColumn(4)]
    public bool Price { get; set; }

    [LoadColumn(5)]
    public bool Location { get; set; }
}

internal sealed class Prediction
{
    public float[] Probability { get; set; } = [];
}
