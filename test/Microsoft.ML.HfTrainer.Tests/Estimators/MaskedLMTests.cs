using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class MaskedLMTests
{
    private static readonly (string Thing, string Color)[] _facts = [("blood", "red"), ("grass", "green"), ("sky", "blue"), ("coal", "black"), ("snow", "white"), ("sun", "yellow")];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyLanguageModel _model = TinyLanguageModel.Encoder(string.Join(' ', _facts.SelectMany(fact => new[] { fact.Thing, fact.Color })) + " the is always");

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void ItLearnsToFillMasks()
    {
        var texts = Texts();
        var options = Options(300);
        (options.Arguments.PerDeviceTrainBatchSize, options.Arguments.LearningRate) = (24, 3e-3);
        (options.ValidationSet, options.Arguments.EvalStrategy, options.Arguments.EvalSteps, options.Arguments.EvalOnStart) = (texts, IntervalStrategy.Steps, 50, true);
        var trained = Tokens(offsets: false).Append(_ml.HfTrainer.MaskedLM(options)).Fit(Texts(times: 4));
        using var owned = (IDisposable)trained;
        var perplexities = trained.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_perplexity")).Select(record => record["eval_perplexity"]).Where(double.IsFinite).ToList();
        Assert.IsLessThan(perplexities[0] / 2, perplexities[^1]);

        var masked = _ml.Data.LoadFromEnumerable(_facts.Select(fact => new Line { Text = $"the {fact.Thing} <mask> always <mask>" }));
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, masked.Schema, new MLContext());
        using var alsoOwned = (IDisposable)loaded;
        using var engine = _ml.Model.CreatePredictionEngine<Line, Filled>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        foreach (var (fact, found) in _facts.Zip(_ml.Data.CreateEnumerable<Filled>(loaded.Transform(masked), reuseRowObject: false)))
        {
            Assert.AreEqual($"the {fact.Thing} is always {fact.Color}", found.FilledText);
            Assert.HasCount(6, found.PredictedToken, "three for each of two masks");
            Assert.AreEqual("is", found.PredictedToken[0]);
            Assert.AreEqual(fact.Color, found.PredictedToken[3]);
            CollectionAssert.AreEqual(found.Score[..3].OrderDescending().ToArray(), found.Score[..3]);
            Assert.IsTrue(found.Score.All(score => score is > 0 and <= 1));
            var single = engine.Predict(new Line { Text = $"the {fact.Thing} <mask> always <mask>" });
            CollectionAssert.AreEqual(found.PredictedToken, single.PredictedToken);
        }
    }

    [TestMethod]
    public void ATextWithoutMasksStaysAsItIs()
    {
        var trained = Tokens(offsets: false).Append(_ml.HfTrainer.MaskedLM(Options(1))).Fit(Texts());
        using var owned = (IDisposable)trained;
        var found = _ml.Data.CreateEnumerable<Filled>(trained.Transform(Texts()), reuseRowObject: false).First();
        Assert.AreEqual("the blood is always red", found.FilledText);
        Assert.IsEmpty(found.PredictedToken);
        Assert.IsEmpty(found.Score);
    }

    [TestMethod]
    public void AnUpdateInWhichNoTokenIsMaskedHasNoLoss()
    {
        var (log, options) = (new LogLines(_ml), Options(1));
        (options.MlmProbability, options.Arguments.LoggingSteps, options.Arguments.LoggingNanInfFilter) = (1e-9, 1, false);
        var trained = Tokens(offsets: false).Append(_ml.HfTrainer.MaskedLM(options)).Fit(Texts());
        using var owned = (IDisposable)trained;
        Assert.AreEqual(0, trained.LastTransformer.LogHistory[0]["loss"]);
        Assert.IsEmpty(log.Warnings);
        Assert.IsTrue(TinyBert.Weights(trained.LastTransformer.Model).Values.All(weights => weights.All(float.IsFinite)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ItKeepsTheRulesOfEstimators(bool wholeWords)
    {
        var options = Options(1);
        options.WholeWordMask = wholeWords;
        var data = _ml.Data.LoadFromEnumerable(_facts.Select(fact => new Line { Text = $"the {fact.Thing} is <mask>" }));
        EstimatorContract.Check(_ml, _ml.HfTrainer.MaskedLM(options), Tokens(wholeWords).Fit(data).Transform(data), data);
    }

    // WordPiece splits "unhappily", whose pieces are masked together or not at all.
    [TestMethod]
    public void WholeWordsNeedTheOffsetsOfTokensAndAreMaskedWhole()
    {
        var options = Options(1);
        options.WholeWordMask = true;
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Tokens(offsets: false).Append(_ml.HfTrainer.MaskedLM(options)).Fit(Texts()));
        Assert.Contains("ReturnOffsets", refused.Message);

        var seen = new List<(long[] Ids, long[] Labels)>();
        options.DataCollator = (_, tokenizer) => new Watched(new DataCollatorForLanguageModeling(tokenizer, wholeWordMask: true, mlmProbability: 1), seen);
        using var trained = (IDisposable)Tokens(offsets: true).Append(_ml.HfTrainer.MaskedLM(options)).Fit(Texts());
        Assert.IsNotEmpty(seen);
        var mask = _model.Tokenizer.TokenToId("<mask>");
        Assert.IsTrue(seen.All(batch => batch.Ids.Zip(batch.Labels).All(token => token.First == mask == (token.Second >= 0))));
    }

    [TestMethod]
    public void AnAdaptedEncoderIsTheModelOfAClassifier()
    {
        using var adapted = new Formats.TemporaryFolder();
        var options = Options(5);
        using (var trained = (IDisposable)Tokens(offsets: false).Append(_ml.HfTrainer.MaskedLM(options)).Fit(Texts()))
            ((IEnumerable<ITransformer>)trained).OfType<MaskedLMTransformer>().Single().SavePretrained(adapted.Path);
        using var encoder = AutoModelForMaskedLM.FromPretrained(adapted.Path);

        var data = _ml.Data.LoadFromEnumerable(_facts.Select(fact => new Line { Text = $"the {fact.Thing} is always {fact.Color}", Label = fact.Color[0] < 'm' ? "low" : "high" }));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeHf("Text", model: adapted.Path))
            .Append(_ml.HfTrainer.SequenceClassification(new SequenceClassificationOptions { Arguments = new() { NumTrainEpochs = 1, LearningRate = 0 } }));
        using var classifier = (IDisposable)pipeline.Fit(data);
        var trainedEncoder = ((IEnumerable<ITransformer>)classifier).OfType<SequenceClassificationTransformer>().Single().Model;
        var (expected, found) = (TinyBert.Weights(encoder), TinyBert.Weights(trainedEncoder));
        var shared = expected.Keys.Intersect(found.Keys).ToList();
        Assert.IsGreaterThan(15, shared.Count, string.Join(", ", found.Keys));
        foreach (var name in shared)
            CollectionAssert.AreEqual(expected[name], found[name], name);
    }

    [TestMethod]
    public void WrongOptionsAreRefused()
    {
        Assert.Contains("MlmProbability is 0", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.MaskedLM(new() { MlmProbability = 0 })).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.MaskedLM(new() { TopK = 0 }));
        var config = _model["tokenizer_config.json"];
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"mask_token\":", "\"no_mask_token\":", StringComparison.Ordinal));
        Assert.Contains("has no mask token", Assert.ThrowsExactly<ArgumentException>(() => Tokens(offsets: false).Append(_ml.HfTrainer.MaskedLM(Options(1))).Fit(Texts())).Message);
    }

    private static MaskedLMOptions Options(int epochs) => new()
    {
        Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 6, LearningRate = 1e-2, LrSchedulerType = "constant" },
        MlmProbability = 0.4,
        TopK = 3,
    };

    private IDataView Texts(int times = 1) => _ml.Data.LoadFromEnumerable(Enumerable.Repeat(_facts, times).SelectMany(facts => facts).Select(fact => new Line { Text = $"the {fact.Thing} is always {fact.Color}" }));

    private TokenizeHfEstimator Tokens(bool offsets) => _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, ReturnOffsets = offsets });

    private sealed class Line
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Filled
    {
        public string FilledText { get; set; } = "";

        public string[] PredictedToken { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    /// <summary>Notes the batches of a collator.</summary>
    private sealed class Watched(DataCollatorForLanguageModeling collator, List<(long[] Ids, long[] Labels)> seen) : IDataCollator
    {
        public HfTokenizer Tokenizer => collator.Tokenizer;

        public bool DrawsRandomNumbers => true;

        public IReadOnlyCollection<string> InputNames => collator.InputNames;

        public Batch Collate(IReadOnlyList<Example> examples)
        {
            var batch = collator.Collate(examples);
            lock (seen)
                seen.Add((batch["input_ids"].data<long>().ToArray(), batch["labels"].data<long>().ToArray()));
            return batch;
        }
    }
}
