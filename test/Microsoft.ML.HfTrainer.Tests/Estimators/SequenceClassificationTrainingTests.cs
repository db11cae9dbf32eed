using Microsoft.ML.HfTrainer.Tests.Formats;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationTrainingTests
{
    private readonly MLContext _ml = new(seed: 7);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TheSeedDecides()
    {
        var first = Scores(new MLContext(seed: 7));
        CollectionAssert.AreEqual(first, Scores(new MLContext(seed: 7)));
        CollectionAssert.AreEqual(first, Scores(new MLContext(seed: 1), o => o.Arguments.Seed = 7), "the arguments' seed comes first");
        CollectionAssert.AreNotEqual(first, Scores(new MLContext(seed: 8)));
        CollectionAssert.AreEqual(Scores(new MLContext(seed: 42)), Scores(new MLContext()), "42 is the seed where none is given");
    }

    [TestMethod]
    [DataRow("checkpoint-3")]
    [DataRow("true")]
    public void AFitGoesOnFromACheckpoint(string resume)
    {
        using var folder = new TemporaryFolder();
        void Save(TrainingArguments arguments) => (arguments.OutputDir, arguments.SaveSteps, arguments.NumTrainEpochs) = (folder["out"], 3, 2);
        var whole = Scores(new MLContext(seed: 7), o => Save(o.Arguments));
        if (resume == "true")
            Directory.Delete(Path.Combine(folder["out"], "checkpoint-4"), recursive: true);
        var resumed = Scores(new MLContext(seed: 7), o =>
        {
            Save(o.Arguments);
            o.Arguments.ResumeFromCheckpoint = resume == "true" ? resume : Path.Combine(folder["out"], resume);
        });
        CollectionAssert.AreEqual(whole, resumed);
    }

    [TestMethod]
    public void TheProcessesRandomNumbersAreLeftAlone()
    {
        torch.manual_seed(5);
        using var expected = torch.rand(4);
        torch.manual_seed(5);
        ((IDisposable)Classifiers.Train(_ml, _model)).Dispose();
        using var found = torch.rand(4);
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), found.data<float>().ToArray());
    }

    [TestMethod]
    public void TrainingIsThatOfTheTrainer()
    {
        // By hand: the same examples, the head drawn from the seed, and then the Trainer.
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        string[] classes = ["positive", "negative"];
        var examples = Review.Some(12).Select(row =>
            new Example(tokenizer.Encode(row.Text!, options: new EncodeOptions { MaxLength = 24 })) { ["labels"] = Array.IndexOf(classes, row.Label) });
        torch.manual_seed(7);
        using var model = AutoModelForSequenceClassification.FromPretrained(_model.Folder, new() { NumLabels = 2, IgnoreMismatchedSizes = true });
        var arguments = new TrainingArguments { NumTrainEpochs = 2, PerDeviceTrainBatchSize = 4, LearningRate = 1e-3, LoggingSteps = 1, Seed = 7 };
        using var trainer = new Trainer(model, arguments, Dataset.From(examples), tokenizer: tokenizer);
        trainer.Train();

        using var trained = (IDisposable)Classifiers.Train(_ml, _model, o => (o.Arguments.NumTrainEpochs, o.Arguments.LoggingSteps) = (2, 1), rows: 12);
        var ours = ((ITransformer)trained).Classifier();
        Assert.HasCount(7, ours.LogHistory);
        Assert.AreEqual(6, ours.TrainOutput!.GlobalStep);
        foreach (var (expected, found) in trainer.State.LogHistory.Zip(ours.LogHistory).SkipLast(1))
            Assert.AreEqual(expected["loss"], found["loss"], 1e-7);
    }

    [TestMethod]
    public void DataPastTheirMemoryBudgetTrainTheSameModelFromDisk()
    {
        float[] Scores(long budget)
        {
            var hadFile = false;
            var steps = new Steps { At = 2, Then = () => hadFile = HasTemporaryFile() };
            using var trained = (IDisposable)Classifiers.Train(
                _ml, _model,
                o =>
                {
                    (o.Arguments.MaxSteps, o.DataMemoryBudget) = (3, budget);
                    o.Callbacks.Add(steps);
                },
                rows: 40_000);
            if (OperatingSystem.IsLinux())
                Assert.AreEqual((budget == 0, false), (hadFile, HasTemporaryFile()));
            return [.. ((ITransformer)trained).Predict(_ml, Review.Some()).SelectMany(verdict => verdict.Score)];
        }
        CollectionAssert.AreEqual(Scores(Dataset.DefaultMemoryBudget), Scores(0));
    }

    [TestMethod]
    public void AValidationSetMayBeRawOrTransformed()
    {
        var validation = Review.Some(11).Skip(3).ToList();
        var raw = _ml.Data.LoadFromEnumerable(validation);
        var before = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24));
        // Its own keys are in another order than those of the training data.
        var transformed = before.Fit(raw).Transform(raw);
        var tokensAlone = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24).Fit(raw).Transform(raw);

        var histories = new[] { raw, transformed, tokensAlone }.Select(view =>
        {
            using var trained = (IDisposable)Classifiers.Train(_ml, _model, o => (o.ValidationSet, o.Arguments.EvalStrategy) = (view, IntervalStrategy.Epoch));
            return ((ITransformer)trained).Classifier().LogHistory.Single(record => record.ContainsKey("eval_loss"));
        }).ToList();

        using var model = (IDisposable)Classifiers.Train(_ml, _model);
        var verdicts = ((ITransformer)model).Predict(_ml, validation);
        var accuracy = validation.Zip(verdicts).Average(pair => pair.First.Label == pair.Second.PredictedLabel ? 1.0 : 0);
        var loss = -validation.Zip(verdicts).Average(pair => Math.Log(pair.Second.Score[pair.First.Label == "positive" ? 0 : 1]));
        foreach (var history in histories)
        {
            Assert.AreEqual(accuracy, history["eval_accuracy"], 1e-9);
            Assert.AreEqual(loss, history["eval_loss"], 1e-5);
        }
    }

    [TestMethod]
    public void FitWorksOnACopyOfTheArgumentsAndWritesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-cwd-");
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.FullName);
        try
        {
            SequenceClassificationOptions? options = null;
            using var trained = (IDisposable)Classifiers.Train(_ml, _model, o => options = o);
            Assert.IsNull(options!.Arguments.Seed, "the seed of the context is not the user's setting");
            Assert.IsEmpty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void TheLogSaysWhatTrainingDoes()
    {
        var log = new LogLines(_ml);
        using var trained = (IDisposable)Classifiers.Train(_ml, _model, o => o.Arguments.LoggingSteps = 1);
        StringAssert.Contains(log.Infos.First(line => line.StartsWith("Model", StringComparison.Ordinal)),
            "initialised as new: classifier.weight, classifier.bias");
        Assert.HasCount(1, log.Infos.Where(line => line.StartsWith("Training: 8 examples", StringComparison.Ordinal)));
        Assert.HasCount(1, log.Infos.Where(line => line.StartsWith("Step 1 of 2: loss ", StringComparison.Ordinal)));
        Assert.IsEmpty(log.Warnings);
    }

    [TestMethod]
    public void CallbacksSteerAndTheBestModelIsTaken()
    {
        var validation = _ml.Data.LoadFromEnumerable(Review.Some(6));
        var seen = new Steps();
        using var trained = (IDisposable)Classifiers.Train(_ml, _model, o =>
        {
            o.ValidationSet = validation;
            (o.Arguments.NumTrainEpochs, o.Arguments.LoadBestModelAtEnd) = (9, true);
            (o.Arguments.EvalStrategy, o.Arguments.SaveStrategy) = (IntervalStrategy.Epoch, SaveStrategy.Epoch);
            (o.Arguments.MetricForBestModel, o.Arguments.GreaterIsBetter) = ("steps", false);
            o.ComputeMetrics = _ => new Dictionary<string, double> { ["steps"] = seen.Count };
            o.Callbacks.Add(seen);
            o.Callbacks.Add(new EarlyStoppingCallback(patience: 2));
        });
        Assert.AreEqual(6, seen.Count, "the first of three epochs was the best");
        var evaluations = ((ITransformer)trained).Classifier().LogHistory.Where(record => record.ContainsKey("eval_steps")).ToList();
        Assert.HasCount(3, evaluations);
        var verdicts = ((ITransformer)trained).Predict(_ml, Review.Some(6));
        var loss = -Review.Some(6).Zip(verdicts).Average(pair => Math.Log(pair.Second.Score[pair.First.Label == "positive" ? 0 : 1]));
        Assert.AreEqual(evaluations[0]["eval_loss"], loss, 1e-5);
        Assert.AreNotEqual(evaluations[2]["eval_loss"], loss, 1e-5);
    }

    [TestMethod]
    public void CancellationEndsTraining()
    {
        using var source = new CancellationTokenSource();
        var steps = new Steps { At = 3, Then = source.Cancel };
        Assert.ThrowsExactly<OperationCanceledException>(() => Classifiers.Train(_ml, _model, o =>
        {
            (o.Arguments.NumTrainEpochs, o.Arguments.CancellationToken) = (50, source.Token);
            o.Callbacks.Add(steps);
        }));
        Assert.AreEqual(3, steps.Count);
    }

    [TestMethod]
    public void CancellationOfTheContextEndsTraining()
    {
        // Public only through Microsoft.ML.Experimental.
        var cancel = typeof(MLContext).GetMethod("CancelExecution", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        var steps = new Steps { At = 2, Then = () => cancel.Invoke(_ml, null) };
        Assert.ThrowsExactly<OperationCanceledException>(() => Classifiers.Train(_ml, _model, o =>
        {
            o.Arguments.NumTrainEpochs = 50;
            o.Callbacks.Add(steps);
        }));
        Assert.AreEqual(2, steps.Count);
    }

    [TestMethod]
    public void DistilBertIsTrainedLikewise()
    {
        using var model = new TinyModel("distilbert");
        using var trained = (IDisposable)Classifiers.Train(_ml, model);
        Assert.AreEqual("distilbert", ((ITransformer)trained).Classifier().Model.Config.ModelType);
        Assert.HasCount(8, ((ITransformer)trained).Predict(_ml, Review.Some()));
    }

    private float[] Scores(MLContext ml, Action<SequenceClassificationOptions>? change = null)
    {
        using var trained = (IDisposable)Classifiers.Train(ml, _model, change);
        return [.. ((ITransformer)trained).Predict(ml, Review.Some()).SelectMany(verdict => verdict.Score)];
    }

    // Linux shows what files a process has open, even those that have lost their name.
    private static bool HasTemporaryFile() => OperatingSystem.IsLinux()
        && Directory.GetFiles("/proc/self/fd").Any(file => new FileInfo(file).LinkTarget is { } target && target.Contains("/hftrainer-") && target.Contains(".data"));

    private sealed class Steps : ITrainerCallback
    {
        public int Count { get; private set; }

        public int At { get; init; }

        public Action? Then { get; init; }

        public void OnStepEnd(CallbackContext context)
        {
            if (++Count == At)
                Then!();
        }
    }
}
