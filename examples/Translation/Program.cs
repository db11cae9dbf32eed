using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

// The number of epochs may be given: dotnet run -- 2
var epochs = args.Length > 0 ? int.Parse(args[0]) : 12;
var mlContext = new MLContext(seed: 42);

// 1. Data: each line is an English sentence, a tab, and the German one.
var data = Path.Combine(AppContext.BaseDirectory, "data");
var train = mlContext.Data.LoadFromTextFile<Pair>(Path.Combine(data, "train.tsv"));
var test = mlContext.Data.LoadFromTextFile<Pair>(Path.Combine(data, "test.tsv"));

// 2. A small encoder-decoder with random weights, and a tokenizer whose tokens are words. With a pretrained model, leave this step out, and name the model in TokenizeHf.
var folder = Directory.CreateTempSubdirectory("translation-").FullName;
var tokenizer = HfTokenizer.FromPretrained(Path.Combine(AppContext.BaseDirectory, "model"));
tokenizer.SavePretrained(folder);
using (var untrained = AutoModelForSeq2SeqLM.FromConfig(PretrainedConfig.FromPretrained(tokenizer.Folder!), new() { Seed = 42 }))
    untrained.SavePretrained(folder);

// 3. Training. After each epoch, the test sentences are translated, and the translations compared with the right ones.
var pipeline = mlContext.Transforms.Text.TokenizeHf("English", model: folder)
    .Append(mlContext.HfTrainer.Seq2Seq(new Seq2SeqOptions
    {
        TargetColumnName = "German",
        ValidationSet = test,
        Metrics = ["bleu", "chrf"],
        MaxTargetLength = 24,
        Arguments = new TrainingArguments
        {
            NumTrainEpochs = epochs,
            LearningRate = 2e-3,
            WarmupSteps = 0.1,
            PerDeviceTrainBatchSize = 32,
            PerDeviceEvalBatchSize = 50,
            EvalStrategy = IntervalStrategy.Epoch,
        },
        Callbacks = { new Printer() },
    }));
using var model = pipeline.Fit(train);

// 4. Save, load, translate.
const string Saved = "translation.zip";
mlContext.Model.Save(model, train.Schema, Saved);
Console.WriteLine();
Console.WriteLine($"saved as {Saved}");
Directory.Delete(folder, recursive: true);
var loaded = mlContext.Model.Load(Saved, out _);
using var engine = mlContext.Model.CreatePredictionEngine<Pair, Translation>(loaded);
foreach (var pair in mlContext.Data.CreateEnumerable<Pair>(test, reuseRowObject: false).Take(5))
{
    Console.WriteLine();
    Console.WriteLine(pair.English);
    Console.WriteLine($"  model: {engine.Predict(pair).GeneratedText}");
    Console.WriteLine($"  right: {pair.German}");
}
