using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class MultipleChoiceTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TheRightChoiceIsLearnedFromIndices()
    {
        var data = _ml.Data.LoadFromEnumerable(Quiz.Some(60));
        var options = Options(12);
        (options.ValidationSet, options.Arguments.EvalStrategy) = (data, IntervalStrategy.Epoch);
        using var trained = Tokens().Append(_ml.HfTrainer.MultipleChoice(options)).Fit(data);
        var found = _ml.Data.CreateEnumerable<Chosen>(trained.Transform(data), reuseRowObject: false).ToList();
        var right = Quiz.Some(60).Zip(found).Count(pair => pair.First.Label == pair.Second.PredictedLabel);
        Assert.IsGreaterThan(55, right);
        Assert.AreEqual(right / 60.0, trained.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_accuracy"))["eval_accuracy"], 1e-9);
        foreach (var choice in found)
        {
            Assert.HasCount(3, choice.Score);
            Assert.AreEqual(1, choice.Score.Sum(), 1e-5);
            Assert.AreEqual(choice.PredictedLabel, choice.Score.IndexOf(choice.Score.Max()));
        }

        // The model itself, with the choices side by side, gives the same probabilities.
        var quiz = Quiz.Some(60)[5];
        var tokenizer = trained.LastTransformer.Tokenizer;
        var encodings = Array.ConvertAll(quiz.Choices, choice => tokenizer.Encode(quiz.Question, choice));
        using var batch = new DataCollatorForMultipleChoice(tokenizer).Collate([new Example
        {
            ["input_ids"] = Array.ConvertAll(encodings, encoding => encoding.Ids),
            ["attention_mask"] = Array.ConvertAll(encodings, encoding => encoding.AttentionMask),
            ["token_type_ids"] = Array.ConvertAll(encodings, encoding => encoding.TypeIds),
        }]);
        using var noGradient = TorchSharp.torch.no_grad();
        var expected = TorchSharp.torch.nn.functional.softmax(trained.LastTransformer.Model.call(batch).Logits, -1).data<float>().ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], found[5].Score[i], 1e-5);
    }

    [TestMethod]
    public void KeysAreThoseOfTheLabelAndTheEvaluatorsTakeTheScores()
    {
        var data = _ml.Data.LoadFromEnumerable(Quiz.Some(60));
        using var trained = Keyed(Options(12)).Fit(data);
        var output = trained.Transform(data);
        var metrics = _ml.MulticlassClassification.Evaluate(output);
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        var letters = default(VBuffer<ReadOnlyMemory<char>>);
        output.Schema["PredictedLabel"].GetKeyValues(ref letters);
        Assert.AreEqual("A B C", string.Join(' ', letters.DenseValues()));
        Assert.AreEqual(3, ((VectorDataViewType)output.Schema["Score"].Type).Size);

        // Of two choices, the third one has no probability.
        var two = Quiz.Some(10).ConvertAll(quiz => new Quiz { Question = quiz.Question, Choices = quiz.Choices[..2], Letter = "A" });
        foreach (var scores in trained.Transform(_ml.Data.LoadFromEnumerable(two)).GetColumn<float[]>("Score"))
        {
            Assert.AreEqual(1, scores[0] + scores[1], 1e-5);
            Assert.AreEqual(0, scores[2]);
        }
        var four = new Quiz { Question = "is it", Choices = ["good", "bad", "warm", "cold"], Letter = "A" };
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => trained.Transform(_ml.Data.LoadFromEnumerable([four])).GetColumn<float[]>("Score").ToList());
        Assert.Contains("Row 1 has 4 choices, and the label has keys for 3", refused.Message);
    }

    [TestMethod]
    public void ItKeepsTheRulesOfEstimatorsAndPredictsRowsAsBatches()
    {
        var data = _ml.Data.LoadFromEnumerable(Quiz.Some(10));
        var prepared = Tokens().Fit(data).Transform(data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.MultipleChoice(Options(1)), prepared, data);
        var keyed = Letters().Fit(prepared).Transform(prepared);
        EstimatorContract.Check(_ml, _ml.HfTrainer.MultipleChoice(Options(1)), keyed, data);

        using var trained = Tokens().Append(_ml.HfTrainer.MultipleChoice(Options(1))).Fit(data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, data.Schema);
        using var owned = (IDisposable)loaded;
        using var engine = _ml.Model.CreatePredictionEngine<Quiz, Chosen>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        // In prediction rows may have any number of choices.
        var rows = Quiz.Some(10);
        (rows[3].Choices, rows[7].Choices) = (["very good"], ["good", "bad", "very warm", "cold", "dull"]);
        foreach (var (row, batched) in rows.Zip(_ml.Data.CreateEnumerable<Chosen>(trained.Transform(_ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)))
        {
            var single = engine.Predict(row);
            Assert.HasCount(row.Choices.Length, batched.Score);
            Assert.AreEqual(batched.PredictedLabel, single.PredictedLabel);
            for (var i = 0; i < row.Choices.Length; i++)
                Assert.AreEqual(batched.Score[i], single.Score[i], 1e-5);
        }
    }

    [TestMethod]
    public void KeysInTheOrderOfTheirOccurrenceAreRefused()
    {
        var data = _ml.Data.LoadFromEnumerable(Quiz.Some(9).OrderByDescending(quiz => quiz.Label));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Letter").Append(Tokens()).Append(_ml.HfTrainer.MultipleChoice(Options(1)));
        var refused = Assert.ThrowsExactly<ArgumentException>(() => pipeline.Fit(data));
        Assert.Contains("C, B, A", refused.Message);
        Assert.Contains("KeyOrdinality.ByValue", refused.Message);
    }

    [TestMethod]
    public void RowsThatCannotBeLearnedAreNamed()
    {
        Refused(rows => rows[2].Choices = rows[2].Choices[..2], "Row 3 of the training data has 2 choices, and Row 1 of the training data has 3");
        Refused(rows => rows[1].Label = 3, "Row 2 of the training data has the label 3 in 'Label', counted from 0, and 3 choices");
        Refused(rows => rows[1].Choices = [], "Row 2 of the training data has no choices");
        Refused(rows => rows.ForEach(row => (row.Choices, row.Label) = (["good"], 0)), "Row 1 of the training data has one choice");

        void Refused(Action<List<Quiz>> change, string message)
        {
            var rows = Quiz.Some(4);
            change(rows);
            var refused = Assert.ThrowsExactly<InvalidDataException>(() => Tokens().Append(_ml.HfTrainer.MultipleChoice(Options(1))).Fit(_ml.Data.LoadFromEnumerable(rows)));
            Assert.Contains(message, refused.Message);
        }
    }

    [TestMethod]
    public void PairsAreNoChoices()
    {
        var tokens = _ml.Transforms.Text.TokenizeHf("Question", "Letter", model: _model.Folder);
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tokens.Append(_ml.HfTrainer.MultipleChoice(Options(1))).Fit(_ml.Data.LoadFromEnumerable(Quiz.Some(4))));
        Assert.Contains("ChoicesColumnName", refused.Message);
    }

    private static MultipleChoiceOptions Options(int epochs) => new() { Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 8, LearningRate = 2e-3 } };

    private EstimatorChain<MultipleChoiceTransformer> Keyed(MultipleChoiceOptions options) => Letters().Append(Tokens()).Append(_ml.HfTrainer.MultipleChoice(options));

    private ValueToKeyMappingEstimator Letters() => _ml.Transforms.Conversion.MapValueToKey("Label", "Letter", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private TokenizeHfEstimator Tokens() => _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForMultipleChoice("Question", "Choices", _model.Folder));

    private sealed class Quiz
    {
        public string Question { get; set; } = "";

        public string[] Choices { get; set; } = [];

        public int Label { get; set; }

        public string Letter { get; set; } = "";

        // The right choice has the word "very".
        public static List<Quiz> Some(int count)
        {
            string[] words = ["good", "bad", "warm", "dull", "film", "book"];
            var random = new Random(3);
            return [.. Enumerable.Range(0, count).Select(i =>
            {
                var right = i % 3;
                return new Quiz
                {
                    Question = "is it",
                    Choices = [.. Enumerable.Range(0, 3).Select(choice => string.Join(' ', Enumerable.Range(0, 1 + random.Next(6)).Select(_ => words[random.Next(6)]).Append(choice == right ? "very" : "so")))],
                    Label = right,
                    Letter = "ABC"[right].ToString(),
                };
            })];
        }
    }

    private sealed class Chosen
    {
        public int PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
