using Microsoft.ML.HfTrainer.Estimators.Tasks;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>The options that all estimators share, beyond those of the arguments.</summary>
[TestClass]
public sealed class EstimatorOptionTests
{
    private readonly MLContext _ml = new(seed: 7);
    private readonly TinyModel _model = new();

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TheCollatorMakesTheBatches()
    {
        Collator? made = null;
        using var trained = Train(o => o.DataCollator = (model, tokenizer) =>
        {
            Assert.AreEqual("bert", model.Config.ModelType);
            return made = new Collator(tokenizer);
        });
        Assert.AreEqual(2, made!.Batches);
    }

    [TestMethod]
    public void TheLossFunctionIsTheLoss()
    {
        using var trained = Train(o =>
        {
            o.Arguments.LoggingSteps = 1;
            o.ComputeLossFunc = (output, _, _) => output.Logits.sum() * 0 + 3;
        });
        Assert.AreEqual(3, trained.LogHistory[0]["loss"], 1e-6);
    }

    [TestMethod]
    public void TheOptimizerAndTheScheduleAreThoseOfTheFactories()
    {
        var (steps, rates) = (0, new List<double>());
        using var trained = Train(o =>
        {
            o.OptimizerFactory = trainer =>
            {
                Assert.AreEqual(5, trainer.Args.NumTrainEpochs);
                return new Still(trainer);
            };
            o.SchedulerFactory = (optimizer, totalSteps) =>
            {
                Assert.IsInstanceOfType<Still>(optimizer);
                steps = totalSteps;
                return new Schedule(optimizer, rates);
            };
            o.Arguments.NumTrainEpochs = 5;
        });
        Assert.AreEqual(10, steps);
        Assert.HasCount(10, rates);
        // An optimizer that does nothing leaves the pretrained weights as they were.
        using var pretrained = AutoModelForSequenceClassification.FromPretrained(_model.Folder, new() { NumLabels = 2, IgnoreMismatchedSizes = true });
        var body = trained.Model.named_parameters().First(p => !p.name.Contains("classifier"));
        CollectionAssert.AreEqual(pretrained.named_parameters().First(p => p.name == body.name).parameter.data<float>().ToArray(), body.parameter.data<float>().ToArray());
    }

    [TestMethod]
    public void SeveralValidationSetsAreEvaluatedByName()
    {
        using var trained = Train(o =>
        {
            o.ValidationSets["short"] = _ml.Data.LoadFromEnumerable(Review.Some(4));
            o.ValidationSets["all"] = _ml.Data.LoadFromEnumerable(Review.Some(8));
            o.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        });
        foreach (var name in new[] { "short", "all" })
            Assert.HasCount(1, trained.LogHistory.Where(record => record.ContainsKey($"eval_{name}_loss") && record.ContainsKey($"eval_{name}_accuracy")));
        using var alone = Train(o => (o.ValidationSet, o.Arguments.EvalStrategy) = (_ml.Data.LoadFromEnumerable(Review.Some(4)), IntervalStrategy.Epoch));
        Assert.AreEqual(
            alone.LogHistory.Single(record => record.ContainsKey("eval_loss"))["eval_loss"],
            trained.LogHistory.Single(record => record.ContainsKey("eval_short_loss"))["eval_short_loss"], 1e-6);
        var missing = Assert.ThrowsExactly<ArgumentException>(() => Train(o => o.ValidationSets["bad"] = _ml.Data.LoadFromEnumerable([new { Body = "good" }])));
        StringAssert.Contains(missing.Message, "The validation set 'bad' has neither");
    }

    [TestMethod]
    public void ATrainerOfOnesOwnTrains()
    {
        Doubled? trainer = null;
        using var trained = Train(o =>
        {
            o.Arguments.LoggingSteps = 1;
            o.TrainerFactory = parts => trainer = new Doubled(parts);
        });
        using var plain = Train(o => o.Arguments.LoggingSteps = 1);
        Assert.AreEqual(2, trainer!.Calls);
        Assert.AreEqual(2 * plain.LogHistory[0]["loss"], trained.LogHistory[0]["loss"], 1e-5);
    }

    [TestMethod]
    public void OptionsThatContradictEachOtherAreRefused()
    {
        var view = _ml.Data.LoadFromEnumerable(Review.Some());
        AssertRefused("ValidationSets", o =>
        {
            o.ValidationSet = view;
            o.ValidationSets["more"] = view;
        });
        AssertRefused("CreateOptimizer", o => (o.TrainerFactory, o.OptimizerFactory) = (parts => new Trainer(parts), trainer => new Still(trainer)));
        AssertRefused("returned null", o => o.TrainerFactory = _ => null!);
        AssertRefused("ClassWeights", o => (o.ClassWeights, o.ComputeLossFunc) = (new Dictionary<string, float> { ["positive"] = 2 }, (output, _, _) => output.Logits.sum()));
        using var other = AutoModelForSequenceClassification.FromPretrained(_model.Folder, new() { NumLabels = 2, IgnoreMismatchedSizes = true });
        AssertRefused("another model", o => o.TrainerFactory = parts => new Trainer(parts with { Model = other }));
    }

    [TestMethod]
    public void AValidationSetThatNothingEvaluatesIsAWarning()
    {
        var (view, log) = (_ml.Data.LoadFromEnumerable(Review.Some()), new LogLines(_ml));
        Warned(0, o => (o.ValidationSet, o.Arguments.EvalStrategy) = (view, IntervalStrategy.Epoch));
        Warned(0, o => (o.ValidationSet, o.Arguments.EvalOnStart) = (view, true));
        Warned(0, o => (o.ValidationSet, o.TrainerFactory) = (view, parts => new Trainer(parts)));
        Warned(1, o => o.ValidationSet = view);
        StringAssert.StartsWith(log.Warnings.Last(line => line.Contains("nothing evaluates")), "The option ValidationSet is set, and nothing evaluates on it, since EvalStrategy of the Arguments is No");
        Warned(2, o => o.ValidationSets["more"] = view);

        void Warned(int count, Action<SequenceClassificationOptions> change)
        {
            Train(change).Dispose();
            Assert.HasCount(count, log.Warnings.Where(line => line.Contains("nothing evaluates on it")));
        }
    }

    [TestMethod]
    public async Task FitAsyncTrainsTheSameModel()
    {
        var (data, estimator) = (Prepared(), _ml.HfTrainer.SequenceClassification(Classifiers.Options()));
        using var expected = estimator.Fit(data);
        using var found = await estimator.FitAsync(data, TestContext.CancellationToken);
        foreach (var (e, f) in expected.Model.named_parameters().Zip(found.Model.named_parameters()))
            CollectionAssert.AreEqual(e.parameter.data<float>().ToArray(), f.parameter.data<float>().ToArray(), e.name);
    }

    [TestMethod]
    public async Task FitAsyncIsCanceled()
    {
        using var source = new CancellationTokenSource();
        var seen = 0;
        var options = Classifiers.Options(o => o.Arguments.NumTrainEpochs = 500);
        options.Callbacks.Add(new AtStep(() =>
        {
            if (++seen == 3)
                source.Cancel();
        }));
        var fit = _ml.HfTrainer.SequenceClassification(options).FitAsync(Prepared(), source.Token);
        await Assert.ThrowsAsync<OperationCanceledException>(() => fit);
        Assert.IsTrue(fit.IsCanceled);
        Assert.AreEqual(3, seen);
        // Canceled before it begins, it does not read the data to its end.
        await Assert.ThrowsAsync<OperationCanceledException>(() => _ml.HfTrainer.SequenceClassification(Classifiers.Options()).FitAsync(Prepared(), source.Token));
    }

    [TestMethod]
    public void ABatchSizeThatIsSetIsThatOfPredictions()
    {
        foreach (var (set, expected) in new[] { (3, 3), (8, 8), (0, 32) })
        {
            using var trained = Train(o =>
            {
                if (set > 0)
                    o.Arguments.PerDeviceEvalBatchSize = set;
            });
            var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, Prepared().Schema);
            using var owned = (IDisposable)loaded;
            Assert.AreEqual((expected, expected), (((IModelRunner)trained).BatchSize, ((IModelRunner)loaded).BatchSize));
        }
    }

    private SequenceClassificationTransformer Train(Action<SequenceClassificationOptions> change) =>
        _ml.HfTrainer.SequenceClassification(Classifiers.Options(change)).Fit(Prepared());

    private IDataView Prepared()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24)).Fit(data).Transform(data);
    }

    private void AssertRefused(string part, Action<SequenceClassificationOptions> change) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Train(change).Dispose()).Message, part);

    private sealed class Collator(HfTokenizer tokenizer) : IDataCollator
    {
        private readonly DataCollatorWithPadding _padding = new(tokenizer, padToMultipleOf: 8);

        public int Batches { get; private set; }

        public Batch Collate(IReadOnlyList<Example> examples)
        {
            Batches++;
            return _padding.Collate(examples);
        }
    }

    private sealed class Still(Trainer trainer) : Optimizer([new ParameterGroup([.. trainer.Model.named_parameters()], 0, 1e-3)])
    {
        public override void Step()
        {
        }

        public override IEnumerable<(string Name, Tensor Tensor)> State() => [];

        public override void LoadState(IReadOnlyDictionary<string, Tensor> state)
        {
        }
    }

    private sealed class Schedule(Optimizer optimizer, List<double> rates) : LearningRateScheduler(optimizer)
    {
        public override void Step() => rates.Add(++LastStep);
    }

    private sealed class Doubled(TrainerParts parts) : Trainer(parts)
    {
        public int Calls { get; private set; }

        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            Calls++;
            var (loss, output) = base.ComputeLoss(batch);
            return (loss * 2, output);
        }
    }

    private sealed class AtStep(Action then) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => then();
    }
}
