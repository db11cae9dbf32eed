using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

// The number of epochs may be given: dotnet run -- 2
var epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 8;
var mlContext = new MLContext(seed: 42);

// 1. Data: each line is a text, a tab and a tag for each of its words.
var train = mlContext.Data.LoadFromEnumerable(Sentence.Read("train.tsv"));
var test = mlContext.Data.LoadFromEnumerable(Sentence.Read("test.tsv"));

// 2. Pipeline: tags to keys, texts to tokens of their words, and a new head over each token of a pretrained encoder.
var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    .Append(mlContext.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForTokenClassification("Text", splitIntoWords: true)))
    .Append(mlContext.HfTrainer.TokenClassification(batchSize: 16, maxEpochs: epochs, learningRate: 2e-4))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("Tags", "PredictedLabel"));
var model = pipeline.Fit(train);

// 3. Evaluation: an entity is right if its type and its boundaries are right.
Console.WriteLine(mlContext.HfTrainer.EvaluateTokenClassification(model.Transform(test), predictedLabelColumnName: "Tags"));

// 4. Save, load, predict.
const string Saved = "entities.zip";
mlContext.Model.Save(model, train.Schema, Saved);
Console.WriteLine($"saved as {Saved}");
using var engine = mlContext.Model.CreatePredictionEngine<Sentence, Entities>(mlContext.Model.Load(Saved, out _));
const string Text = "Last spring Maria Keller moved from Zurich to Oslo to work for Northwind Traders .";
var found = engine.Predict(new Sentence { Text = Text });
Console.WriteLine(Text);
for (var i = 0; i < found.EntityLabel.Length; i++)
    Console.WriteLine(FormattableString.Invariant($"  {found.EntityLabel[i]}: {Text[found.EntityStart[i]..found.EntityEnd[i]]} ({found.EntityScore[i]:P0})"));

internal sealed class Sentence
{
    public string Text { get; set; } = "";

    public string[] Label { get; set; } = [];

    public static IEnumerable<Sentence> Read(string file) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", file))
        .Select(line => line.Split('\t')).Select(columns => new Sentence { Text = columns[0], Label = columns[1].Split(' ') });
}

internal sealed class Entities
{
    public string[] EntityLabel { get; set; } = [];

    public int[] EntityStart { get; set; } = [];

    public int[] EntityEnd { get; set; } = [];

    public float[] EntityScore { get; set; } = [];
}
