using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class QuestionAnsweringTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void AnswersAreFoundInLongContexts()
    {
        var asked = Asked.Some(60);
        Assert.IsGreaterThan(60, asked.Max(row => row.Context.Split(' ').Length), "contexts beyond the 48 positions of the model");
        var data = _ml.Data.LoadFromEnumerable(asked);
        var options = Options(epochs: 15);
        (options.ValidationSet, options.Arguments.EvalStrategy) = (data, IntervalStrategy.Epoch);
        using var trained = Pipeline(options).Fit(data);
        var found = Read(trained, data);
        foreach (var (row, answer) in asked.Zip(found))
        {
            Assert.IsTrue(answer.Score.SequenceEqual(answer.Score.OrderDescending()), "the best answer comes first");
            Assert.HasCount(Math.Min(3, answer.PredictedAnswer.Length), answer.PredictedAnswer);
            for (var i = 0; i < answer.PredictedAnswer.Length; i++)
                Assert.AreEqual(answer.PredictedAnswer[i], row.Context[answer.AnswerStart[i]..answer.AnswerEnd[i]]);
            Assert.HasCount(answer.AnswerStart.Length, answer.AnswerStart.Zip(answer.AnswerEnd).Distinct().ToList(), "an answer in two windows is one");
        }
        var right = asked.Zip(found).Count(pair => pair.First.Answer == pair.Second.PredictedAnswer[0] && pair.First.AnswerIndex == pair.Second.AnswerStart[0]);
        Assert.IsGreaterThan(50, right, "of 60 answers");

        // The evaluation is of whole contexts, not of windows.
        var metric = new SquadMetric();
        foreach (var (row, answer) in asked.Zip(found))
            metric.Add(answer.PredictedAnswer[0], row.Answer);
        var logged = trained.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_f1"));
        Assert.AreEqual(metric.Compute()["exact_match"], logged["eval_exact_match"], 1e-9);
        Assert.AreEqual(metric.Compute()["f1"], logged["eval_f1"], 1e-9);
    }

    [TestMethod]
    public void ItKeepsTheRulesOfEstimatorsAndPredictsRowsAsBatches()
    {
        var data = _ml.Data.LoadFromEnumerable(Asked.Some(10));
        var prepared = Tokens().Fit(data).Transform(data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.QuestionAnswering(Options(1)), prepared, data);

        using var trained = Pipeline(Options(1)).Fit(data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, data.Schema);
        using var owned = (IDisposable)loaded;
        using var engine = _ml.Model.CreatePredictionEngine<AskedAlone, Answered>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        // Neither the answer nor its index is needed to predict.
        var alone = Asked.Some(10).ConvertAll(row => new AskedAlone { Question = row.Question, Context = row.Context });
        foreach (var (row, batched) in alone.Zip(Read(trained, _ml.Data.LoadFromEnumerable(alone))))
        {
            var single = engine.Predict(row);
            CollectionAssert.AreEqual(batched.PredictedAnswer, single.PredictedAnswer);
            CollectionAssert.AreEqual(batched.AnswerStart, single.AnswerStart);
            for (var i = 0; i < single.Score.Length; i++)
                Assert.AreEqual(batched.Score[i], single.Score[i], 1e-5);
        }
    }

    [TestMethod]
    public void TheFolderIsThatOfAHuggingFaceModel()
    {
        var data = _ml.Data.LoadFromEnumerable(Asked.Some(4));
        using var trained = Pipeline(Options(1)).Fit(data);
        var folder = Directory.CreateTempSubdirectory("hftrainer-answers-").FullName;
        try
        {
            trained.LastTransformer.SavePretrained(folder);
            Assert.Contains("BertForQuestionAnswering", File.ReadAllText(Path.Combine(folder, "config.json")));
            using var model = AutoModelForQuestionAnswering.FromPretrained(folder);
            Assert.IsEmpty(model.LoadReport.Missing);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void AnswersThatDoNotAlignAreCountedListedAndNotLearned()
    {
        var (right, wrong) = (Asked.Some(12), Asked.Some(12));
        wrong.Insert(2, new Asked { Question = "is it", Context = "the film is very good", Answer = "very good", AnswerIndex = 3 });
        wrong.Insert(7, new Asked { Question = "is it", Context = "the film is very good", Answer = "Very good", AnswerIndex = 12 });
        var log = new LogLines(_ml);
        using var clean = Pipeline(Options(2)).Fit(_ml.Data.LoadFromEnumerable(right));
        Assert.IsEmpty(log.Warnings);
        using var mixed = Pipeline(Options(2)).Fit(_ml.Data.LoadFromEnumerable(wrong));
        var warning = log.Warnings.Single();
        Assert.Contains("2 of 14 rows were left out", warning);
        Assert.Contains("Row 3 of the training data ('very good'), Row 8 of the training data ('Very good')", warning);
        var data = _ml.Data.LoadFromEnumerable(right);
        foreach (var (one, other) in Read(clean, data).Zip(Read(mixed, data)))
            CollectionAssert.AreEqual(one.Score, other.Score, "training was the same");

        var none = Assert.ThrowsExactly<InvalidDataException>(() => Pipeline(Options(1)).Fit(_ml.Data.LoadFromEnumerable(wrong[2..3])));
        Assert.Contains("No answer in 'Answer' stands in its context at its index: Row 1 of the training data", none.Message);
    }

    [TestMethod]
    public void AnswersThatTokenizeHfCutsOffAreNotBlamed()
    {
        var cut = TokenizeHfOptions.ForQuestionAnswering("Question", "Context", _model.Folder, maxLength: 8);
        cut.Truncation = TruncationStrategy.OnlySecond;
        var rows = _ml.Data.LoadFromEnumerable(new[] { new Asked { Question = "is it", Context = "the film is the film is very good", Answer = "very good", AnswerIndex = 24 } });
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Transforms.Text.TokenizeHf(cut).Append(_ml.HfTrainer.QuestionAnswering(Options(1))).Fit(rows)).Message;
        Assert.Contains("TokenizeHf cuts contexts, so that answers behind the cut are lost", refused);
        var wrong = _ml.Data.LoadFromEnumerable(new[] { new Asked { Question = "is it", Context = "the film is very good", Answer = "very good", AnswerIndex = 3 } });
        Assert.DoesNotContain("TokenizeHf cuts", Assert.ThrowsExactly<InvalidDataException>(() => Pipeline(Options(1)).Fit(wrong)).Message);
    }

    [TestMethod]
    public void PiecesOfContextsAreRefused()
    {
        var pieces = TokenizeHfOptions.ForQuestionAnswering("Question", "Context", _model.Folder, maxLength: 16);
        (pieces.Truncation, pieces.ReturnOverflowingTokens) = (TruncationStrategy.OnlySecond, true);
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.Text.TokenizeHf(pieces).Append(_ml.HfTrainer.QuestionAnswering(Options(1))).Fit(_ml.Data.LoadFromEnumerable(Asked.Some(3)))).Message;
        Assert.Contains("a row for each piece of a long text (ReturnOverflowingTokens)", refused);
        Assert.Contains("TokenizeHfOptions.ForQuestionAnswering", refused);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(13)]
    public void AnAnswerOutsideTheContextNamesItsRow(int index)
    {
        var rows = Asked.Some(3);
        rows[1] = new Asked { Question = "is it", Context = "the film is very good", Answer = "very good", AnswerIndex = index };
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Pipeline(Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains($"Row 2 of the training data has an answer of 9 characters at {index} in 'Answer'", refused.Message);
        Assert.Contains("21 characters of the context in 'Context'", refused.Message);
    }

    [TestMethod]
    public void QuestionsMayHaveNoAnswer()
    {
        var rows = Asked.Some(40);
        // A question of its own for contexts without an answer.
        foreach (var row in rows.Where((_, i) => i % 2 == 0))
            (row.Question, row.Answer, row.AnswerIndex) = ("never so", "", -1);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Pipeline(Options(1)).Fit(data));
        Assert.Contains("Row 1 of the training data has no answer in 'Answer'; set AllowNoAnswer", refused.Message);

        var options = Options(15);
        (options.AllowNoAnswer, options.ValidationSet, options.Arguments.EvalStrategy) = (true, data, IntervalStrategy.Epoch);
        using var trained = Pipeline(options).Fit(data);
        var logged = trained.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_exact"));
        Assert.AreEqual(20, logged["eval_NoAns_total"]);
        var found = Read(trained, data);
        var metric = new SquadV2Metric();
        foreach (var (row, answer) in rows.Zip(found))
            metric.Add(answer.PredictedAnswer[0], row.Answer.Length == 0 ? [] : [row.Answer]);
        foreach (var (name, value) in metric.Compute())
            Assert.AreEqual(value, logged[$"eval_{name}"], 1e-9, name);
        Assert.IsGreaterThan(80, logged["eval_exact"]);
        foreach (var answer in found.Where(answer => answer.PredictedAnswer[0].Length == 0))
            Assert.AreEqual((0, 0), (answer.AnswerStart[0], answer.AnswerEnd[0]));

        // A model that never doubts, and one that always does.
        options.Arguments.NumTrainEpochs = 1;
        foreach (var (threshold, share) in new[] { (1e9, 0), (-1e9, 40) })
        {
            options.NullScoreDiffThreshold = threshold;
            using var certain = Pipeline(options).Fit(data);
            Assert.AreEqual(share, Read(certain, data).Count(answer => answer.PredictedAnswer[0].Length == 0));
        }
    }

    [TestMethod]
    public void SeveralAnswersAreVectors()
    {
        var rows = Asked.Some(8).ConvertAll(row => new AskedTwice
        {
            Question = row.Question,
            Context = row.Context,
            Answer = [row.Context[..4], row.Answer],
            AnswerIndex = [0, row.AnswerIndex],
        });
        var data = _ml.Data.LoadFromEnumerable(rows);
        var options = Options(1);
        (options.ValidationSet, options.Arguments.EvalStrategy) = (data, IntervalStrategy.Epoch);
        using var trained = Pipeline(options).Fit(data);
        var metric = new SquadMetric();
        foreach (var (row, answer) in rows.Zip(Read(trained, data)))
            metric.Add(answer.PredictedAnswer[0], row.Answer);
        Assert.AreEqual(metric.Compute()["f1"], trained.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_f1"))["eval_f1"], 1e-9, "the best of the answers counts");

        rows[4].AnswerIndex = [0];
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Pipeline(Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("Row 5 of the training data has 2 answers in 'Answer' and 1 indices", refused.Message);
    }

    [TestMethod]
    public void AQuestionThatLeavesNoRoomNamesItsRow()
    {
        var rows = Asked.Some(3);
        rows[2] = new Asked { Question = string.Join(' ', Enumerable.Repeat("is it", 30)), Context = "the film is very good", Answer = "very good", AnswerIndex = 12 };
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Pipeline(Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("Row 3 of the training data cannot be cut into windows", refused.Message);
    }

    [TestMethod]
    public void AnEmptyContextHasNoAnswers()
    {
        using var trained = Pipeline(Options(1)).Fit(_ml.Data.LoadFromEnumerable(Asked.Some(4)));
        var found = Read(trained, _ml.Data.LoadFromEnumerable(new[] { new AskedAlone { Question = "is it", Context = "" }, new AskedAlone { Question = "", Context = "very good" } }));
        Assert.IsEmpty(found[0].PredictedAnswer);
        Assert.IsNotEmpty(found[1].PredictedAnswer);
    }

    [TestMethod]
    public void SingleTextsAreNoQuestionsWithContexts()
    {
        var options = TokenizeHfOptions.ForQuestionAnswering("Question", "Context", _model.Folder);
        (options.TextColumnName, options.PairColumnName) = ("Context", null);
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.Text.TokenizeHf(options).Append(_ml.HfTrainer.QuestionAnswering(Options(1))).Fit(_ml.Data.LoadFromEnumerable(Asked.Some(3))));
        Assert.Contains("TokenizeHf reads 'Context'; question answering needs pairs", refused.Message);
        Assert.Contains("ForQuestionAnswering", refused.Message);
    }

    [TestMethod]
    public void AColumnOfAnotherTypeInTheValidationSetIsNamed()
    {
        Assert.Contains("The column of answer indices 'AnswerIndex' of the validation set is Int64; it should be Int32", Refused(new[] { new { Question = "is it", Context = "very good", Answer = "very", AnswerIndex = 0L } }));
        Assert.Contains("The answer column 'Answer' of the validation set is Single; it should be String", Refused(new[] { new { Question = "is it", Context = "very good", Answer = 1f, AnswerIndex = 0 } }));

        string Refused<T>(T[] rows) where T : class
        {
            var options = Options(1);
            (options.ValidationSet, options.Arguments.EvalStrategy) = (_ml.Data.LoadFromEnumerable(rows), IntervalStrategy.Epoch);
            return Assert.ThrowsExactly<ArgumentException>(() => Pipeline(options).Fit(_ml.Data.LoadFromEnumerable(Asked.Some(3)))).Message;
        }
    }

    [TestMethod]
    public void OptionsThatContradictEachOtherAreRefused()
    {
        Assert.Contains("TopK is 21; it should be from 1 to NBestSize, which is 20", Refused(options => options.TopK = 21));
        Assert.Contains("Stride is -1", Refused(options => options.Stride = -1));
        Assert.Contains("MaxAnswerLength is 0", Refused(options => options.MaxAnswerLength = 0));

        string Refused(Action<QuestionAnsweringOptions> change)
        {
            var options = Options(1);
            change(options);
            return Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.QuestionAnswering(options)).Message;
        }
    }

    [TestMethod]
    public void TheTwinHasTheColumnsOfTheStockTrainer()
    {
        var rows = Asked.Some(12).ConvertAll(row => new Stock { Question = row.Question, Context = row.Context, TrainingAnswer = row.Answer, AnswerIndex = row.AnswerIndex });
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var trained = _ml.MulticlassClassification.Trainers.HfQuestionAnswer(model: _model.Folder, maxEpochs: 1, topK: 2, maxLength: 24, validationSet: data).Fit(data);
        var output = trained.Transform(data);
        Assert.IsTrue(output.Schema["Answer"].Type is VectorDataViewType { ItemType: TextDataViewType });
        Assert.IsTrue(output.Schema["Score"].Type is VectorDataViewType { ItemType: NumberDataViewType });
        Assert.IsTrue(output.GetColumn<ReadOnlyMemory<char>[]>("Answer").All(answers => answers.Length == 2));
        Assert.HasCount(1, trained.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_f1")));
    }

    private static QuestionAnsweringOptions Options(int epochs) => new()
    {
        Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 8, LearningRate = 2e-3 },
        Stride = 8,
    };

    private EstimatorChain<QuestionAnsweringTransformer> Pipeline(QuestionAnsweringOptions options) => Tokens().Append(_ml.HfTrainer.QuestionAnswering(options));

    private TokenizeHfEstimator Tokens() => _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForQuestionAnswering("Question", "Context", _model.Folder));

    private List<Answered> Read(ITransformer model, IDataView data) => [.. _ml.Data.CreateEnumerable<Answered>(model.Transform(data), reuseRowObject: false)];

    private sealed class Asked
    {
        public string Question { get; set; } = "";

        public string Context { get; set; } = "";

        public string Answer { get; set; } = "";

        public int AnswerIndex { get; set; }

        // Among other words stands "very" with a word of its own: the answer.
        public static List<Asked> Some(int count)
        {
            string[] others = ["film", "book", "meal", "room", "the", "is"], answers = ["good", "bad", "warm", "dull"];
            var random = new Random(3);
            return [.. Enumerable.Range(0, count).Select(i =>
            {
                var words = Enumerable.Range(0, 4 + (i * 7 % 67)).Select(_ => others[random.Next(others.Length)]).ToList();
                var (place, answer) = (random.Next(words.Count), $"very {answers[random.Next(answers.Length)]}");
                return new Asked
                {
                    Question = "is it",
                    Context = string.Join(' ', words[..place].Append(answer).Concat(words[place..])),
                    Answer = answer,
                    AnswerIndex = words[..place].Sum(word => word.Length + 1),
                };
            })];
        }
    }

    private sealed class AskedAlone
    {
        public string Question { get; set; } = "";

        public string Context { get; set; } = "";
    }

    private sealed class AskedTwice
    {
        public string Question { get; set; } = "";

        public string Context { get; set; } = "";

        public string[] Answer { get; set; } = [];

        public int[] AnswerIndex { get; set; } = [];
    }

    private sealed class Stock
    {
        public string Context { get; set; } = "";

        public string Question { get; set; } = "";

        public string TrainingAnswer { get; set; } = "";

        public int AnswerIndex { get; set; }
    }

    private sealed class Answered
    {
        public string[] PredictedAnswer { get; set; } = [];

        public float[] Score { get; set; } = [];

        public int[] AnswerStart { get; set; } = [];

        public int[] AnswerEnd { get; set; } = [];
    }
}
