namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>The README's program, compiled as it stands there between the marks: its model and data are folders below the current one.</summary>
internal static class ImdbProgram
{
    public static PredictionOutput Run()
    {
        // <README>
        var tokenizer = HfTokenizer.FromPretrained("distilbert-base-uncased");
        var model = AutoModelForSequenceClassification.FromPretrained("distilbert-base-uncased", new() { NumLabels = 2 });

        Example Tokenize(string line) => line.Split('\t') is [var text, var label]
            ? new Example(tokenizer.Encode(text, options: new() { MaxLength = 512 })) { ["labels"] = int.Parse(label) }
            : throw new InvalidDataException($"a text, a tab and a label make a row, not '{line}'");
        var train = Dataset.From(File.ReadLines("imdb/train.tsv").Select(Tokenize));
        var test = Dataset.From(File.ReadLines("imdb/test.tsv").Select(Tokenize));

        var args = new TrainingArguments("save")
        {
            LearningRate = 2e-5,
            PerDeviceTrainBatchSize = 16,
            PerDeviceEvalBatchSize = 16,
            NumTrainEpochs = 2,
            WeightDecay = 0.01,
            EvalStrategy = IntervalStrategy.Epoch,
            SaveStrategy = SaveStrategy.Epoch,
            LoadBestModelAtEnd = true,
        };

        Dictionary<string, double> ComputeMetrics(EvalPrediction p) =>
            new() { ["accuracy"] = p.PredictedClasses().Zip(p.LabelClasses()).Average(x => x.First == x.Second ? 1.0 : 0.0) };

        var trainer = new Trainer(model, args, train, test, tokenizer, new DataCollatorWithPadding(tokenizer), ComputeMetrics);
        trainer.Train();

        var predictions = trainer.Predict(test);
        Console.WriteLine(string.Join(", ", predictions.Metrics));
        // </README>
        return predictions;
    }
}
