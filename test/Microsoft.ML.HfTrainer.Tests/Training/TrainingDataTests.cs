using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Tests.Estimators;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public sealed class TrainingDataTests
{
    [TestMethod]
    public void AStreamTrainsLikeADatasetInTheSameOrderAndBeginsAgainWhenItEnds()
    {
        var expected = Train(TinyBert.Data(10), a => (a.NumTrainEpochs, a.TrainSamplingStrategy) = (2, TrainSamplingStrategy.Sequential));
        foreach (var workers in new[] { 0, 2 })
        {
            var opened = new List<int>();
            var stream = IterableDataset.From(epoch =>
            {
                opened.Add(epoch);
                return TinyBert.Data(10);
            });
            // Three updates a pass: the stream is opened a second time for the last three.
            AssertEqual(expected, Train(stream, a => (a.MaxSteps, a.DataloaderNumWorkers) = (6, workers)));
            CollectionAssert.AreEqual(new[] { 0, 1 }, opened);
        }
    }

    [TestMethod]
    public void AStreamNeedsToBeToldHowManyUpdatesToMake()
    {
        var stream = IterableDataset.From(() => TinyBert.Data(10));
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Train(stream, _ => { })).Message, "MaxSteps");
    }

    [TestMethod]
    public void AStreamIsEvaluatedAndPredicted()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = 4 }, dataCollator: TinyBert.Collator);
        var stream = IterableDataset.From(() => TinyBert.Data(10));
        Assert.AreEqual(trainer.Evaluate(TinyBert.Data(10))["eval_loss"], trainer.Evaluate(stream)["eval_loss"], 1e-9);
        using var expected = trainer.Predict(TinyBert.Data(10));
        using var found = trainer.Predict(stream);
        CollectionAssert.AreEqual(expected.Predictions!.data<float>().ToArray(), found.Predictions!.data<float>().ToArray());
    }

    [TestMethod]
    [DataRow(false, DisplayName = "a list")]
    [DataRow(true, DisplayName = "a stream")]
    public void NoExamplesAreAnError(bool ofStream)
    {
        foreach (var (data, dropLast) in new[] { (Dataset.From([]), false), (TinyBert.Data(3), true) })
        {
            using var model = TinyBert.Model();
            var empty = ofStream ? IterableDataset.From(() => data) : data;
            var args = new TrainingArguments { MaxSteps = 2, PerDeviceTrainBatchSize = 4, PerDeviceEvalBatchSize = 4, DataloaderDropLast = dropLast };
            using var trainer = new Trainer(model, args, empty, dataCollator: TinyBert.Collator);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message, "There is nothing to train on");
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Evaluate(empty)).Message, "There is nothing to evaluate");
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Predict(empty)).Message, "There is nothing to evaluate");
        }
    }

    [TestMethod]
    public void AStreamThatCanBeReadOnceEndsTrainingWithAWarning()
    {
        using var model = TinyBert.Model();
        var (log, rest) = (new MessageLog(), new Queue<Example>(TinyBert.Data(8)));
        using var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 9, PerDeviceTrainBatchSize = 4 }, IterableDataset.From(Rest), dataCollator: TinyBert.Collator, logger: log);
        Assert.AreEqual(2, trainer.Train().GlobalStep);
        StringAssert.Contains(log.Warnings.Single(), "has no batch; training ends after 2 of 9 updates");

        IEnumerable<Example> Rest()
        {
            while (rest.TryDequeue(out var example))
                yield return example;
        }
    }

    [TestMethod]
    [DataRow(TrainSamplingStrategy.Random)]
    [DataRow(TrainSamplingStrategy.GroupByLength)]
    [DataRow(TrainSamplingStrategy.BatchRebalance)]
    public void WorkersTrainTheSameModel(TrainSamplingStrategy strategy)
    {
        Dictionary<string, float[]> Run(int workers) => Train(TinyBert.Data(30), a =>
            (a.NumTrainEpochs, a.GradientAccumulationSteps, a.TrainSamplingStrategy, a.DataloaderNumWorkers) = (2, 2, strategy, workers), dropout: 0.1);
        AssertEqual(Run(0), Run(3));
    }

    [TestMethod]
    public void FeaturesThatTheModelDoesNotTakeAreLeftOutAndNamed()
    {
        var extended = Dataset.From(TinyBert.Data(10).Select((e, i) => new Example(e) { ["review"] = "as it was written", ["page"] = new int[i] }));
        var expected = Train(TinyBert.Data(10), a => a.NumTrainEpochs = 1);
        var log = new MessageLog();
        AssertEqual(expected, Train(extended, a => a.NumTrainEpochs = 1, log: log));
        Assert.HasCount(1, log.Infos.FindAll(m => m.Contains("review, page")));
        AssertEqual(expected, Train(extended, a => (a.NumTrainEpochs, a.DataloaderNumWorkers) = (1, 2)));

        var message = Assert.ThrowsExactly<InvalidDataException>(() => Train(extended, a => (a.NumTrainEpochs, a.RemoveUnusedColumns) = (1, false))).Message;
        StringAssert.Contains(message, "'review'");
    }

    [TestMethod]
    public void AFileIsTokenisedOnceAndTrainsFromDiskAsFromMemory()
    {
        using var folder = new TemporaryFolder();
        using var files = new TinyModel();
        File.WriteAllLines(folder["reviews.jsonl"], Review.Some(24).Select((r, i) => $$"""{"review": "{{r.Text}}", "stars": {{i % 2}}}"""));
        var tokenizer = HfTokenizer.FromPretrained(files.Folder);
        float[] Weights(long memory)
        {
            using var rows = Dataset.FromJsonLines(folder["reviews.jsonl"], new DataFileOptions { Columns = ["review", "stars"], MemoryBudget = memory });
            using var tokens = rows.Map(batch => batch.Select(row => new Example(tokenizer.Encode(row.GetText("review"), options: new EncodeOptions { MaxLength = 24 })) { ["labels"] = row["stars"] }), memoryBudget: memory);
            var (train, test) = tokens.Split(0.25, seed: 1);
            TorchSharp.torch.manual_seed(1);
            using var model = AutoModelForSequenceClassification.FromPretrained(files.Folder, new() { NumLabels = 2, IgnoreMismatchedSizes = true });
            using var trainer = new Trainer(model, new TrainingArguments { NumTrainEpochs = 1, PerDeviceTrainBatchSize = 4 }, train, test, tokenizer);
            Assert.AreEqual(5, trainer.Train().GlobalStep);
            Assert.IsTrue(double.IsFinite(trainer.Evaluate()["eval_loss"]));
            return [.. TinyBert.Weights(model).Values.SelectMany(w => w)];
        }
        CollectionAssert.AreEqual(Weights(Dataset.DefaultMemoryBudget), Weights(0));
    }

    private static Dictionary<string, float[]> Train(Dataset data, Action<TrainingArguments> change, double dropout = 0, ILogger? log = null)
    {
        using var model = TinyBert.Model(dropout);
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, LearningRate = 0.005, LrSchedulerType = "constant" };
        change(args);
        using var trainer = new Trainer(model, args, data, dataCollator: TinyBert.Collator, logger: log);
        trainer.Train();
        return TinyBert.Weights(model);
    }

    private static void AssertEqual(Dictionary<string, float[]> expected, Dictionary<string, float[]> found)
    {
        foreach (var (name, weights) in expected)
            Assert.IsTrue(weights.AsSpan().SequenceEqual(found[name]), name);
    }
}
