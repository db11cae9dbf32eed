using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SentenceSimilarityTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void PairsAreLearntAndRankedOnARawValidationSet()
    {
        var data = _ml.Data.LoadFromEnumerable(Pair.Some(96));
        var validation = _ml.Data.LoadFromEnumerable(Pair.Some(40, seed: 8));
        var trained = Tokenize().Append(_ml.HfTrainer.SentenceSimilarity(Options(15, options => options.ValidationSet = validation))).Fit(data);
        using var owned = (IDisposable)trained;
        Assert.IsGreaterThan(0.8, trained.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_spearman_cosine"))["eval_spearman_cosine"]);
        var metrics = _ml.Regression.Evaluate(trained.Transform(validation));
        Assert.IsGreaterThan(0.4, metrics.RSquared);
    }

    [TestMethod]
    public void ItKeepsTheRulesOfEstimatorsAndPredictsRowsAsBatches()
    {
        Sentence.Describe(_model, PretrainedConfig.FromPretrained(_model.Folder).GetSize("hidden_size"));
        var data = _ml.Data.LoadFromEnumerable(Pair.Some(10));
        var prepared = Tokenize("query", "passage").Fit(data).Transform(data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.SentenceSimilarity(Options(1, _ => { })), prepared, data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.PretrainedSentenceSimilarity(), prepared, data);

        var trained = Tokenize("query", "passage").Append(_ml.HfTrainer.SentenceSimilarity(Options(1, _ => { }))).Fit(data);
        using var owned = (IDisposable)trained;
        using var engine = _ml.Model.CreatePredictionEngine<Pair, Scored>(trained, new PredictionEngineOptions { OwnsTransformer = false });
        foreach (var (pair, batched) in Pair.Some(10).Zip(Read(trained, data)))
            Assert.AreEqual(batched, engine.Predict(pair).Score, 1e-5);
    }

    [TestMethod]
    public async Task TheScoreIsTheCosineOfBothEmbeddingsWithTheirPrompts()
    {
        Sentence.Describe(_model, PretrainedConfig.FromPretrained(_model.Folder).GetSize("hidden_size"));
        var data = _ml.Data.LoadFromEnumerable(Pair.Some(5));
        var model = Tokenize("query", "passage").Append(_ml.HfTrainer.PretrainedSentenceSimilarity()).Fit(data);
        using var owned = (IDisposable)model;
        using var generator = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        var first = await generator.GenerateAsync(Pair.Some(5).Select(pair => pair.Sentence1), new() { AdditionalProperties = new() { ["prompt_name"] = "query" } });
        var second = await generator.GenerateAsync(Pair.Some(5).Select(pair => pair.Sentence2), new() { AdditionalProperties = new() { ["prompt_name"] = "passage" } });
        foreach (var (score, (one, other)) in Read(model, data).Zip(first.Zip(second)))
            Assert.AreEqual(SemanticSearch.Cosine(one.Vector.Span, other.Vector.Span), score, 1e-5);
    }

    [TestMethod]
    public void LabelsThatNoCosineReachesAreAWarning()
    {
        var (pairs, log) = (Pair.Some(4), new LogLines(_ml));
        using (var fits = (IDisposable)Tokenize().Append(_ml.HfTrainer.SentenceSimilarity(Options(1, _ => { }))).Fit(_ml.Data.LoadFromEnumerable(pairs)))
            Assert.DoesNotContain(line => line.Contains("cosine"), log.Warnings);
        (pairs[1].Label, pairs[2].Label) = (5, 3);
        using (var fits = (IDisposable)Tokenize().Append(_ml.HfTrainer.SentenceSimilarity(Options(1, options => options.Loss = new CoSentLoss()))).Fit(_ml.Data.LoadFromEnumerable(pairs)))
            Assert.DoesNotContain(line => line.Contains("cosine"), log.Warnings, "only the order of labels counts");
        using var trained = (IDisposable)Tokenize().Append(_ml.HfTrainer.SentenceSimilarity(Options(1, _ => { }))).Fit(_ml.Data.LoadFromEnumerable(pairs));
        Assert.Contains("Row 2 of the training data has the label 5 in 'Label', and what is learned is a cosine, from -1 to 1", log.Warnings.Single(line => line.Contains("cosine")));
    }

    [TestMethod]
    public void OneTokenSetIsNotTwoTexts()
    {
        Assert.Contains("are both 'First'", Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.SentenceSimilarity(Options(1, options => options.SecondTokenColumnPrefix = "First"))).Message);
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.TokenizeHf("Sentence1", model: _model.Folder)
            .Append(_ml.HfTrainer.SentenceSimilarity(Options(1, _ => { }))).Fit(_ml.Data.LoadFromEnumerable(Pair.Some(4))));
        Assert.Contains("There is no token column 'FirstInputIds'", refused.Message);
    }

    private static SentenceSimilarityOptions Options(int epochs, Action<SentenceSimilarityOptions> set)
    {
        var options = new SentenceSimilarityOptions { Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 16, LearningRate = 2e-3, EvalStrategy = IntervalStrategy.No } };
        set(options);
        if (options.ValidationSet is not null)
            options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        return options;
    }

    private EstimatorChain<TokenizeHfTransformer> Tokenize(string? first = null, string? second = null) =>
        _ml.Transforms.Text.TokenizeHfPair(model: _model.Folder, firstPromptName: first, secondPromptName: second);

    private List<float> Read(ITransformer model, IDataView data) => [.. _ml.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false).Select(row => row.Score)];

    private sealed class Pair
    {
        public string Sentence1 { get; set; } = "";

        public string Sentence2 { get; set; } = "";

        public float Label { get; set; }

        public static List<Pair> Some(int count, int seed = 3) =>
            Sentence.Some(count, seed: seed).ConvertAll(row => new Pair { Sentence1 = row.Text, Sentence2 = row.Second, Label = row.Score });
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
