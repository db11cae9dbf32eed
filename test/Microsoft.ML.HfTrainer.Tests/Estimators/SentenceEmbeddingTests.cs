using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SentenceEmbeddingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    private int Hidden => PretrainedConfig.FromPretrained(_model.Folder).GetSize("hidden_size");

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TextsThatBelongTogetherComeTogether()
    {
        var rows = Sentence.Some(64, pairsBelong: true);
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var before = Fit(Tokenize().Append(_ml.HfTrainer.PretrainedSentenceEmbedding()), data);
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(Options(12, options => options.PairedTextColumnNames.Add("Second")))), data);
        var (first, later) = (SameTopic(Vectors(before.Model, data)), SameTopic(Vectors(trained.Model, data)));
        Assert.IsGreaterThan(0.95, later, "share of texts whose nearest neighbour has the same thing");
        Assert.IsLessThan(later, first, "more than before training");

        double SameTopic(float[][] vectors) => Enumerable.Range(0, rows.Count).Count(i =>
            rows[SemanticSearch.TopK(vectors, vectors[i], 2).First(hit => hit.Index != i).Index].Topic == rows[i].Topic) / (double)rows.Count;
    }

    [TestMethod]
    public void ScoresAreLearntAndRankedOnARawValidationSet()
    {
        var options = Options(15, options =>
        {
            options.PairedTextColumnNames.Add("Second");
            options.LabelColumnName = "Score";
            options.ValidationSet = _ml.Data.LoadFromEnumerable(Sentence.Some(40, seed: 8));
            options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        });
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)), _ml.Data.LoadFromEnumerable(Sentence.Some(96)));
        var last = Of(trained.Model).LogHistory.Last(record => record.ContainsKey("eval_spearman_cosine"));
        Assert.IsGreaterThan(0.8, last["eval_spearman_cosine"]);
        Assert.IsGreaterThan(0.8, last["eval_pearson_cosine"]);
        Assert.IsLessThan(0.15, last["eval_loss"], "mean squared error of the cosine");
    }

    [TestMethod]
    public void TripletsAreMeasuredByWhichTextIsNearer()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(64, pairsBelong: true));
        var options = Options(10, options =>
        {
            options.PairedTextColumnNames.Add("Second");
            options.PairedTextColumnNames.Add("Third");
            options.Loss = new TripletLoss { Margin = 1 };
            options.ValidationSet = data;
            options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        });
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)), data);
        Assert.IsGreaterThan(0.95, Of(trained.Model).LogHistory.Last(record => record.ContainsKey("eval_cosine_accuracy"))["eval_cosine_accuracy"]);
    }

    [TestMethod]
    public void PairsAreMeasuredByWhereASearchFindsTheSecondText()
    {
        var options = Options(15, options =>
        {
            options.PairedTextColumnNames.Add("Second");
            options.ValidationSet = _ml.Data.LoadFromEnumerable(Sentence.Some(64, pairsBelong: true, seed: 8));
            options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        });
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)), _ml.Data.LoadFromEnumerable(Sentence.Some(64, pairsBelong: true)));
        var evaluations = Of(trained.Model).LogHistory.Where(record => record.ContainsKey("eval_cosine_accuracy@1")).ToList();
        Assert.HasCount(15, evaluations);
        var (first, last) = (evaluations[0], evaluations[^1]);
        // Of eight texts with the thing of the query, each in words of its own, one is its own.
        Assert.IsGreaterThan(0.75, last["eval_cosine_accuracy@10"]);
        foreach (var name in new[] { "accuracy@3", "accuracy@5", "accuracy@10", "mrr@10", "ndcg@10" })
            Assert.IsGreaterThanOrEqualTo(last["eval_cosine_accuracy@1"], last[$"eval_cosine_{name}"], name);
        Assert.IsGreaterThanOrEqualTo(first["eval_cosine_accuracy@10"], last["eval_cosine_accuracy@10"]);
    }

    [TestMethod]
    public void ClassesOfTextsAreAKey()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(64));
        var options = Options(4, options =>
        {
            options.LabelColumnName = "Topic";
            options.ValidationSet = data;
            options.Arguments.PerDeviceEvalBatchSize = 32;
            options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        });
        using var trained = Fit(_ml.Transforms.Conversion.MapValueToKey("Topic").Append(Tokenize()).Append(_ml.HfTrainer.SentenceEmbedding(options)), data);
        var losses = Of(trained.Model).LogHistory.Where(record => record.ContainsKey("eval_loss")).Select(record => record["eval_loss"]).ToList();
        Assert.IsLessThan(losses[0], losses[^1]);
    }

    [TestMethod]
    public void AnEmbeddingOfALargerModelIsAVector()
    {
        var target = new float[Hidden];
        target[3] = 1;
        var rows = Enumerable.Range(0, 16).Select(i => new Taught { Text = "good film", Target = target }).ToList();
        var schema = SchemaDefinition.Create(typeof(Taught));
        schema[nameof(Taught.Target)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Hidden);
        var data = _ml.Data.LoadFromEnumerable(rows, schema);
        var options = Options(60, options => (options.LabelColumnName, options.Loss) = ("Target", new MseLoss()));
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)), data);
        Assert.IsGreaterThan(0.9f, SemanticSearch.Cosine(Vectors(trained.Model, data)[0], target));
    }

    [TestMethod]
    public void ItKeepsTheRulesOfEstimatorsAndPredictsRowsAsBatches()
    {
        Sentence.Describe(_model, Hidden);
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(10));
        var prepared = Tokenize().Fit(data).Transform(data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.SentenceEmbedding(Options(1, options => options.PairedTextColumnNames.Add("Second"))), prepared, data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.PretrainedSentenceEmbedding(), prepared, data);

        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(Options(1, options => options.PairedTextColumnNames.Add("Second")))), data);
        using var engine = _ml.Model.CreatePredictionEngine<Sentence, Embedded>(trained.Model, new PredictionEngineOptions { OwnsTransformer = false });
        foreach (var (text, batched) in Sentence.Some(10).Zip(Vectors(trained.Model, data)))
            AssertClose(batched, engine.Predict(text).Embedding);
        var column = trained.Model.GetOutputSchema(data.Schema)["Embedding"];
        Assert.AreEqual(6, ((VectorDataViewType)column.Type).Size);
    }

    [TestMethod]
    public void TheSettingsOfTheFolderAreAppliedAndSaved()
    {
        Sentence.Describe(_model, Hidden);
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(6));
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(Options(1, options => options.PairedTextColumnNames.Add("Second")))), data);
        var saved = Path.Combine(_model.Folder, "saved");
        Of(trained.Model).SavePretrained(saved);
        using var again = AutoModelForSentenceEmbedding.FromPretrained(saved);
        var settings = again.SentenceEmbedding!;
        Assert.AreEqual((9, true, false, true), (settings.MaxSeqLength, settings.DoLowerCase, settings.IncludePrompt, settings.Normalize));
        Assert.AreEqual(("query", "the story: "), (settings.DefaultPromptName, settings.Prompts["passage"]));
        var tokenizer = HfTokenizer.FromPretrained(saved);
        using var noGradient = torch.no_grad();
        foreach (var (row, vector) in Sentence.Some(6).Zip(Vectors(trained.Model, data)))
        {
            using var batch = new DataCollatorWithPadding(tokenizer).Collate([new Example(tokenizer.Encode("we ask: " + row.Text, options: new() { MaxLength = 9 }))
            {
                [SentenceEmbeddingSettings.PromptLengthName] = SentenceEmbeddingSettings.PromptLength(tokenizer, "we ask: "),
            }]);
            using var expected = again.call(batch);
            AssertClose(expected.SentenceEmbedding!.data<float>().ToArray(), vector);
        }
    }

    [TestMethod]
    public void ASavedPipelineHasAllModules()
    {
        Sentence.Describe(_model, Hidden);
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(6));
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(Options(1, options => options.PairedTextColumnNames.Add("Second")))), data);
        var expected = Vectors(trained.Model, data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained.Model, data.Schema, new MLContext());
        using var owned = (IDisposable)loaded;
        foreach (var (one, other) in expected.Zip(Vectors(loaded, data)))
            AssertClose(one, other);
        var settings = Of(loaded).Model.SentenceEmbedding!;
        Assert.AreEqual((9, "query", 6L), (settings.MaxSeqLength, settings.DefaultPromptName, settings.Size));
        var saved = Path.Combine(_model.Folder, "again");
        Of(loaded).SavePretrained(saved);
        using var again = AutoModelForSentenceEmbedding.FromPretrained(saved);
        Assert.IsEmpty(again.LoadReport.ToString());
        Assert.AreEqual(6, again.SentenceEmbedding!.Size);
    }

    [TestMethod]
    public void APretrainedModelReadsNoRows()
    {
        var data = _ml.Data.LoadFromEnumerable(Unread());
        using var model = Fit(Tokenize().Append(_ml.HfTrainer.PretrainedSentenceEmbedding(new() { Normalize = true, Pooling = EmbeddingPooling.Cls })), data);
        var vector = Vectors(model.Model, _ml.Data.LoadFromEnumerable(Sentence.Some(1)))[0];
        Assert.HasCount(Hidden, vector);
        Assert.AreEqual(1, Math.Sqrt(vector.Sum(x => (double)x * x)), 1e-5);
        Assert.IsNull(Of(model.Model).TrainOutput);

        static IEnumerable<Sentence> Unread() => Sentence.Some(1).Concat(Enumerable.Range(0, 1).Select<int, Sentence>(_ => throw new InvalidOperationException("was read")));
    }

    [TestMethod]
    public void APoolingThatIsNoneIsRefusedAlsoForPretrainedModels()
    {
        foreach (var create in new Action[]
        {
            () => _ml.HfTrainer.PretrainedSentenceEmbedding(new() { Pooling = (EmbeddingPooling)9 }), () => _ml.HfTrainer.SentenceEmbedding(new SentenceEmbeddingOptions { LabelColumnName = "Topic", Pooling = (EmbeddingPooling)9 }),
            () => _ml.HfTrainer.PretrainedSentenceSimilarity(new() { Pooling = (EmbeddingPooling)9 }), () => _ml.HfTrainer.SentenceSimilarity(new SentenceSimilarityOptions { Pooling = (EmbeddingPooling)9 }),
            () => AutoModelForSentenceEmbedding.FromPretrained(_model.Folder, new() { Pooling = (EmbeddingPooling)9 }),
        })
            Assert.StartsWith("Pooling is 9, which is no EmbeddingPooling.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(create).Message);
    }

    [TestMethod]
    public void PairedTextsHaveAPrefixOfTheirOwn()
    {
        // The same text is its own pair only where the same prefix stands before it.
        var rows = Enumerable.Range(0, 4).Select(i => new Sentence { Text = "good film", Second = "good film", Score = 1 });
        var losses = new[] { null, "bad story night price value sound " }.Select(prefix =>
        {
            var options = Options(1, options =>
            {
                options.PairedTextColumnNames.Add("Second");
                options.LabelColumnName = "Score";
                options.PairedTextPrefix = prefix;
                options.ValidationSet = _ml.Data.LoadFromEnumerable(rows);
                options.Arguments.LearningRate = 0;
                options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
            });
            using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)), _ml.Data.LoadFromEnumerable(rows));
            return Of(trained.Model).LogHistory.First(record => record.ContainsKey("eval_loss"))["eval_loss"];
        }).ToList();
        Assert.AreEqual(0, losses[0], 1e-6);
        Assert.IsGreaterThan(1e-4, losses[1]);
    }

    [TestMethod]
    public void PromptsAreSavedOnRequest()
    {
        var options = Options(1, options =>
        {
            options.PairedTextColumnNames.Add("Second");
            options.Prompts["query"] = "ask: ";
        });
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)), _ml.Data.LoadFromEnumerable(Sentence.Some(4)));
        Assert.AreEqual("ask: ", Of(trained.Model).Model.SentenceEmbedding!.Prompts["query"]);
    }

    [TestMethod]
    public void TokenizeHfOtherThanTheFolderAsksForIsAWarning()
    {
        Sentence.Describe(_model, Hidden);
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);
        using var model = Fit(_ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder).Append(_ml.HfTrainer.PretrainedSentenceEmbedding()), _ml.Data.LoadFromEnumerable(Sentence.Some(2)));
        Assert.IsTrue(log.Exists(line => line.Contains("do_lower_case")));
        Assert.IsTrue(log.Exists(line => line.Contains("default prompt, 'query'")));
    }

    [TestMethod]
    public void OptionsThatDoNotFitAreRefused()
    {
        void Refused(string expected, Action<SentenceEmbeddingOptions> set) =>
            Assert.Contains(expected, Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.SentenceEmbedding(Options(1, set))).Message);
        Refused("There is nothing to learn from", _ => { });
        Refused("CoSENTLoss takes 2 texts of each row, and the options name 1", options => (options.Loss, options.LabelColumnName) = (new CoSentLoss(), "Score"));
        Refused("CoSENTLoss needs labels (Score); name their column in LabelColumnName", options =>
        {
            options.Loss = new CoSentLoss();
            options.PairedTextColumnNames.Add("Second");
        });
        Refused("PairedTextColumnNames has 'Second' more than once", options =>
        {
            options.PairedTextColumnNames.Add("Second");
            options.PairedTextColumnNames.Add("Second");
        });
        Refused("PairedTextPrefix is 'passage: ', and there are no further texts", options => (options.LabelColumnName, options.PairedTextPrefix) = ("Topic", "passage: "));
        Refused("LabelColumnName is 'Score', and MultipleNegativesRankingLoss takes no labels", options =>
        {
            (options.Loss, options.LabelColumnName) = (new MultipleNegativesRankingLoss(), "Score");
            options.PairedTextColumnNames.Add("Second");
        });
    }

    [TestMethod]
    public void ColumnsThatDoNotFitAreRefused()
    {
        void Refused(string expected, Action<SentenceEmbeddingOptions> set) => Assert.Contains(expected, Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(Options(1, set))).Fit(_ml.Data.LoadFromEnumerable(Sentence.Some(4)))).Message);
        Refused("There is no column of paired texts 'Secnd'. Did you mean 'Second'?", options => options.PairedTextColumnNames.Add("Secnd"));
        Refused("The column of paired texts 'Score' is Single", options => options.PairedTextColumnNames.Add("Score"));
        Refused("The label column 'Third' is String; it should be one of Single, Double, Int32, Boolean", options =>
        {
            options.LabelColumnName = "Third";
            options.PairedTextColumnNames.Add("Second");
        });
        Refused("The label column 'Topic' is String; it should be a key", options => options.LabelColumnName = "Topic");
    }

    [TestMethod]
    public void RowsThatCannotBeUsedAreNamed()
    {
        var rows = Sentence.Some(4);
        (rows[1].Second, rows[2].Score) = (" ", float.NaN);
        Refused("Row 2 of the training data has no text in 'Second'", new MultipleNegativesRankingLoss(), null);
        rows[1].Second = "good film";
        Refused("Row 3 of the training data has the label NaN in 'Score'", new CoSentLoss(), "Score");
        rows[2].Score = 0.5f;
        Refused("Row 3 of the training data has the label 0.5 in 'Score'; it should be 1 for texts that belong together", new ContrastiveLoss(), "Score");

        void Refused(string expected, SentenceLoss loss, string? label)
        {
            var options = Options(1, options =>
            {
                options.PairedTextColumnNames.Add("Second");
                (options.Loss, options.LabelColumnName) = (loss, label);
            });
            Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(
                () => Tokenize().Append(_ml.HfTrainer.SentenceEmbedding(options)).Fit(_ml.Data.LoadFromEnumerable(rows))).Message);
        }
    }

    [TestMethod]
    public void AGeneratorKnowsTheSettings()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(4));
        using var trained = Fit(Tokenize().Append(_ml.HfTrainer.PretrainedSentenceEmbedding()), data);
        using var generator = Of(trained.Model).ToEmbeddingGenerator();
        Assert.AreEqual(Hidden, (int)((SentenceEmbeddingSettings)generator.GetService(typeof(SentenceEmbeddingSettings))!).Size);
    }

    private static SentenceEmbeddingOptions Options(int epochs, Action<SentenceEmbeddingOptions> set)
    {
        var options = new SentenceEmbeddingOptions { Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 16, LearningRate = 2e-3 } };
        set(options);
        return options;
    }

    private TokenizeHfEstimator Tokenize() => _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder));

    private static Owned Fit<T>(IEstimator<T> pipeline, IDataView data) where T : class, ITransformer => new(pipeline.Fit(data));

    private static SentenceEmbeddingTransformer Of(ITransformer chain) => ((IEnumerable<ITransformer>)chain).OfType<SentenceEmbeddingTransformer>().Single();

    private float[][] Vectors(ITransformer model, IDataView data) => [.. _ml.Data.CreateEnumerable<Embedded>(model.Transform(data), reuseRowObject: false).Select(row => row.Embedding)];

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5);
    }

    private sealed record Owned(ITransformer Model) : IDisposable
    {
        public void Dispose() => (Model as IDisposable)?.Dispose();
    }

    private sealed class Taught
    {
        public string Text { get; set; } = "";

        public float[] Target { get; set; } = [];
    }
}
