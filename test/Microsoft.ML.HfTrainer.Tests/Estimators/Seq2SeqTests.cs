using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.LanguageModels;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class Seq2SeqTests
{
    private static readonly (string Source, string Target)[] _colors = [("red", "rouge"), ("green", "vert"), ("blue", "bleu"), ("black", "noir")];
    private static readonly (string Source, string Target)[] _things = [("house", "maison"), ("car", "auto"), ("dog", "chien"), ("tree", "arbre")];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyLanguageModel _model = TinyLanguageModel.EncoderDecoder(Words);

    private static string Words => string.Join(' ', _colors.Concat(_things).SelectMany(pair => new[] { pair.Source, pair.Target }).Append("the").Append("say:"));

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void ItLearnsToTranslateAndIsLoadedWithoutTargets()
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(epochs: 40);
        (options.ValidationSet, options.Metrics) = (data, ["bleu", "chrf", "rouge"]);
        (options.Arguments.EvalStrategy, options.Arguments.EvalSteps) = (IntervalStrategy.Steps, 80);
        var trained = Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data);
        using var owned = (IDisposable)trained;
        var transformer = ((IEnumerable<ITransformer>)trained).OfType<Seq2SeqTransformer>().Single();
        var last = transformer.LogHistory.Last(record => record.ContainsKey("eval_loss"));
        Assert.IsGreaterThan(90, last["eval_chrf"]);
        Assert.IsGreaterThan(0.95, last["eval_rougeL"]);
        Assert.IsTrue(last.ContainsKey("eval_bleu"));

        var sources = _ml.Data.LoadFromEnumerable(Phrase.Some().Select(phrase => new Source { Text = phrase.Text }));
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, sources.Schema, new MLContext());
        using var alsoOwned = (IDisposable)loaded;
        using var engine = _ml.Model.CreatePredictionEngine<Source, Translation>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        var found = _ml.Data.CreateEnumerable<Translation>(loaded.Transform(sources), reuseRowObject: false).Select(row => row.GeneratedText).ToList();
        CollectionAssert.AreEqual(Phrase.Some().ConvertAll(phrase => phrase.Target), found);
        CollectionAssert.AreEqual(found, Phrase.Some().ConvertAll(phrase => engine.Predict(new Source { Text = phrase.Text }).GeneratedText));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void ItKeepsTheRulesOfEstimators(int sequences)
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(epochs: 1);
        options.Generation = sequences == 1 ? null : new() { NumBeams = 3, NumReturnSequences = sequences };
        EstimatorContract.Check(_ml, _ml.HfTrainer.Seq2Seq(options), Tokens().Fit(data).Transform(data), data);
    }

    [TestMethod]
    public void SeveralTextsComeWithTheirScoresTheBestFirst()
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(epochs: 25);
        options.Generation = new() { NumBeams = 4, NumReturnSequences = 3, MaxNewTokens = 5 };
        var trained = Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data);
        using var owned = (IDisposable)trained;
        foreach (var (phrase, found) in Phrase.Some().Zip(_ml.Data.CreateEnumerable<Translations>(trained.Transform(data), reuseRowObject: false)))
        {
            Assert.HasCount(3, found.GeneratedText);
            Assert.HasCount(3, found.GeneratedText.Distinct());
            Assert.AreEqual(phrase.Target, found.GeneratedText[0]);
            CollectionAssert.AreEqual(found.Score.OrderDescending().ToArray(), found.Score);
        }
    }

    [TestMethod]
    public void ScoresNeedTheBeamsOfTraining()
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(1);
        options.Generation = new() { NumBeams = 2 };
        var trained = Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data);
        using var owned = (IDisposable)trained;
        Assert.IsTrue(trained.Transform(data).GetColumn<float>("Score").All(float.IsFinite));
        trained.LastTransformer.Model.GenerationConfig.NumBeams = 1;
        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => trained.Transform(data).GetColumn<float>("Score").ToList());
        Assert.Contains("The column 'Score' has the scores of beam search, and NumBeams of the model's GenerationConfig is 1", refused.Message);
    }

    [TestMethod]
    public void ASavedFolderGeneratesTheSame()
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(epochs: 25);
        options.MaxTargetLength = 6;
        var trained = Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data);
        using var owned = (IDisposable)trained;
        var transformer = ((IEnumerable<ITransformer>)trained).OfType<Seq2SeqTransformer>().Single();
        using var folder = new Formats.TemporaryFolder();
        transformer.SavePretrained(folder.Path);
        using var model = AutoModelForSeq2SeqLM.FromPretrained(folder.Path);
        Assert.AreEqual(7, model.GenerationConfig.MaxLength, "the start token counts");
        var found = _ml.Data.CreateEnumerable<Translation>(trained.Transform(data), reuseRowObject: false).Select(row => row.GeneratedText).ToList();
        CollectionAssert.AreEqual(found, model.GenerateText(HfTokenizer.FromPretrained(folder.Path), [.. Phrase.Some().Select(phrase => phrase.Text)]).ToList());
    }

    [TestMethod]
    public void WithoutMetricsAnEvaluationGivesTheLossAlone()
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(epochs: 1);
        (options.ValidationSet, options.Metrics, options.Arguments.EvalStrategy) = (data, [], IntervalStrategy.Epoch);
        var trained = Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data);
        using var owned = (IDisposable)trained;
        var record = ((IEnumerable<ITransformer>)trained).OfType<Seq2SeqTransformer>().Single().LogHistory.Last(record => record.ContainsKey("eval_loss"));
        Assert.IsFalse(record.ContainsKey("eval_bleu"));
    }

    [TestMethod]
    public void APrefixIsPutBeforeEachText()
    {
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var prefixed = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, TextPrefix = "say: " }).Fit(data);
        var expected = _model.Tokenizer.Encode("say: " + Phrase.Some()[0].Text).Ids;
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, prefixed, data.Schema);
        foreach (var tokenizer in new[] { prefixed, loaded })
            CollectionAssert.AreEqual(expected, tokenizer.Transform(data).GetColumn<long[]>("InputIds").First().Select(id => (int)id).ToArray());
    }

    [TestMethod]
    [DataRow(int.MaxValue, null, int.MaxValue)]
    [DataRow(int.MaxValue, 8, 9)]
    [DataRow(6, 8, 7)]
    public void GeneratedTextsAreAsLongAsTargetsMayBe(int maxLength, int? positions, int expected)
    {
        var settings = new GenerationConfig();
        new TargetTexts("Target", maxLength, null).Complete(settings, null, _model.Tokenizer, positions);
        Assert.AreEqual(expected, settings.MaxLength);
    }

    [TestMethod]
    public void AnEmptyTargetNamesItsRow()
    {
        var phrases = Phrase.Some();
        phrases[2].Target = " ";
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Tokens().Append(_ml.HfTrainer.Seq2Seq(Options(1))).Fit(_ml.Data.LoadFromEnumerable(phrases)));
        Assert.Contains("Row 3 of the training data has an empty target in 'Target'", refused.Message);
    }

    [TestMethod]
    public void ATargetBeyondThePositionsNamesItsRow()
    {
        using var model = TinyLanguageModel.EncoderDecoder(Words, positions: 8);
        var phrases = Phrase.Some();
        phrases[1].Target = string.Join(' ', Enumerable.Repeat("rouge", 9));
        var pipeline = _ml.Transforms.Text.TokenizeHf("Text", model: model.Folder).Append(_ml.HfTrainer.Seq2Seq(Options(1)));
        Assert.Contains("Row 2 of the training data has 10 tokens in its target, and the model", Assert.ThrowsExactly<InvalidDataException>(() => pipeline.Fit(_ml.Data.LoadFromEnumerable(phrases))).Message);
        var options = Options(1);
        options.MaxTargetLength = 8;
        using var trained = (IDisposable)_ml.Transforms.Text.TokenizeHf("Text", model: model.Folder).Append(_ml.HfTrainer.Seq2Seq(options)).Fit(_ml.Data.LoadFromEnumerable(phrases));
        Assert.IsNotEmpty(((ITransformer)trained).Transform(_ml.Data.LoadFromEnumerable(phrases)).GetColumn<string>("GeneratedText").ToList());
    }

    [TestMethod]
    public void AllSettingsThatContradictEachOtherAreNamedBeforeTraining()
    {
        var options = Options(1);
        options.Generation = new() { Temperature = 0.5, LengthPenalty = 2 };
        var refused = Assert.ThrowsExactly<ArgumentException>(() => Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(_ml.Data.LoadFromEnumerable(Phrase.Some())));
        Assert.Contains("Temperature", refused.Message);
        Assert.Contains("LengthPenalty", refused.Message);
        options.Generation = new() { MinNewTokens = 500 };
        refused = Assert.ThrowsExactly<ArgumentException>(() => Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(_ml.Data.LoadFromEnumerable(Phrase.Some())));
        Assert.Contains("MinNewTokens is 500 and MaxLength is 13", refused.Message, "MaxTargetLength, and the start token");
    }

    [TestMethod]
    public void WrongOptionsAndColumnsAreRefused()
    {
        Assert.Contains("'accuracy'", Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.Seq2Seq(new() { Metrics = ["accuracy"] })).Message);
        var both = new Seq2SeqOptions { Generation = new(), Arguments = new() { GenerationConfig = new() } };
        Assert.Contains("Generation and Arguments.GenerationConfig", Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.Seq2Seq(both)).Message);
        var options = Options(1);
        options.TargetColumnName = "Targte";
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Tokens().Append(_ml.HfTrainer.Seq2Seq(options)).Fit(_ml.Data.LoadFromEnumerable(Phrase.Some())));
        Assert.Contains("There is no target column 'Targte'. Did you mean 'Target'?", refused.Message);
    }

    [TestMethod]
    public void TheLanguageOfTargetsIsForcedToBeTheFirstToken()
    {
        using var model = TinyLanguageModel.EncoderDecoder(Words, language: "xx_XX");
        var data = _ml.Data.LoadFromEnumerable(Phrase.Some());
        var options = Options(1);
        options.TargetLanguage = "yy_YY";
        var pipeline = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = model.Folder, Language = "xx_XX" }).Append(_ml.HfTrainer.Seq2Seq(options));
        var trained = pipeline.Fit(data);
        using var owned = (IDisposable)trained;
        var code = model.Tokenizer.TokenToId("yy_YY");
        Assert.AreEqual(code, trained.LastTransformer.Model.GenerationConfig.ForcedBosTokenId);
        using var ids = TorchSharp.torch.tensor(Array.ConvertAll(model.Tokenizer.Encode(Phrase.Some()[0].Text).Ids, id => (long)id)).unsqueeze(0);
        foreach (var beams in new[] { 1, 3 })
        {
            using var output = trained.LastTransformer.Model.Generate(ids, config: new() { NumBeams = beams });
            Assert.AreEqual(code, output.NewTokens[0][0], $"{beams} beams");
        }
        var row = TaskRows.Of(_ml, trained.Transform(data), [new("Target", TargetTexts.Feature, TargetTexts.Kind)]).First();
        Assert.AreEqual(code, new TargetTexts("Target", 16, "yy_YY").Ids(row, Phrase.Some()[0].Target)[0]);

        options.Generation = new() { ForcedBosTokenId = code + 1 };
        var refused = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf("Text", model: model.Folder).Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data));
        Assert.Contains($"Generation.ForcedBosTokenId is {code + 1}, and TargetLanguage is 'yy_YY', whose token is {code}", refused.Message);
        options.Generation = new() { SuppressTokens = [code!.Value] };
        refused = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf("Text", model: model.Folder).Append(_ml.HfTrainer.Seq2Seq(options)).Fit(data));
        Assert.Contains($"ForcedBosTokenId is {code} and SuppressTokens has it too", refused.Message);
    }

    private static Seq2SeqOptions Options(int epochs) => new()
    {
        Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 8, LearningRate = 1e-2, LrSchedulerType = "constant" },
        MaxTargetLength = 12,
    };

    private TokenizeHfEstimator Tokens() => _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder);

    private class Source
    {
        public string Text { get; set; } = "";
    }

    private sealed class Phrase : Source
    {
        public string Target { get; set; } = "";

        // The word order changes.
        public static List<Phrase> Some() =>
        [
            .. from color in _colors
               from thing in _things
               select new Phrase { Text = $"the {color.Source} {thing.Source}", Target = $"{thing.Target} {color.Target}" },
        ];
    }

    private sealed class Translation
    {
        public string GeneratedText { get; set; } = "";
    }

    private sealed class Translations
    {
        public string[] GeneratedText { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
