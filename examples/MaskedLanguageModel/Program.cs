using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

// The number of epochs of the adaptation may be given: dotnet run -- 2
var epochs = args.Length > 0 ? int.Parse(args[0]) : 10;
var mlContext = new MLContext(seed: 42);

// 1. Data: texts of a bicycle workshop without labels, and a few complaints with the part of the bicycle that they are about.
var folder = Path.Combine(AppContext.BaseDirectory, "data");
var texts = mlContext.Data.LoadFromTextFile<Text>(Path.Combine(folder, "texts.txt"));
var train = mlContext.Data.LoadFromTextFile<Complaint>(Path.Combine(folder, "train.tsv"));
var test = mlContext.Data.LoadFromTextFile<Complaint>(Path.Combine(folder, "test.tsv"));

// 2. Adaptation: the encoder learns to fill in masked words of the workshop's texts.
var adaptation = mlContext.Transforms.Text.TokenizeHf(new TokenizeHfOptions { TextColumnName = "Words", MaxLength = 64, ReturnOffsets = true })
    .Append(mlContext.HfTrainer.MaskedLM(new MaskedLMOptions
    {
        WholeWordMask = true,
        ValidationSet = test,
        Arguments = new TrainingArguments { NumTrainEpochs = epochs, LearningRate = 2e-4, PerDeviceTrainBatchSize = 16, EvalStrategy = IntervalStrategy.Epoch, EvalOnStart = true },
    }));
var adapted = Directory.CreateTempSubdirectory("adapted-").FullName;
using (var filler = adaptation.Fit(texts))
{
    var perplexities = filler.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_perplexity")).Select(record => record["eval_perplexity"]).ToList();
    Console.WriteLine(FormattableString.Invariant($"perplexity of complaints: {perplexities[0]:F0} before, {perplexities[^1]:F0} after the adaptation"));
    using var engine = mlContext.Model.CreatePredictionEngine<Text, Filled>(filler, new PredictionEngineOptions { OwnsTransformer = false });
    foreach (var gap in new[] { "The [MASK] squeals when I stop.", "Air leaks from the [MASK].", "The [MASK] jumps when I pedal." })
        Console.WriteLine($"{gap} {string.Join(", ", engine.Predict(new Text { Words = gap }).PredictedToken)}");
    filler.LastTransformer.SavePretrained(adapted);
}

// 3. Classification with the encoder as it was, and with the adapted one.
foreach (var (name, model) in new[] { ("as it was", null), ("adapted", adapted) })
{
    var classification = mlContext.Transforms.Conversion.MapValueToKey("Label")
        .Append(mlContext.Transforms.Text.TokenizeHf("Words", model: model, maxLength: 64))
        .Append(mlContext.HfTrainer.SequenceClassification(batchSize: 8, maxEpochs: 8, learningRate: 1e-4));
    using var classifier = classification.Fit(train);
    var metrics = mlContext.MulticlassClassification.Evaluate(classifier.Transform(test));
    Console.WriteLine(FormattableString.Invariant($"accuracy with the encoder {name}: {metrics.MicroAccuracy:F3}"));
}
Directory.Delete(adapted, recursive: true);
