using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Token columns under names of one's own.</summary>
[TestClass]
public sealed class TokenColumnPrefixTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _first = new(), _second = new();

    // The second tokenizer has another vocabulary: its first words change places with its last.
    [TestInitialize]
    public void Reorder()
    {
        var tokens = File.ReadAllLines(_second["vocab.txt"]);
        File.WriteAllLines(_second["vocab.txt"], [.. tokens[..8], .. tokens[8..].Reverse()]);
    }

    [TestCleanup]
    public void CleanUp()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [TestMethod]
    public void EveryColumnHasThePrefix()
    {
        var data = _ml.Data.LoadFromEnumerable(Question.Some());
        var options = new TokenizeHfOptions
        {
            TextColumnName = "Asked", PairColumnName = "Context", Model = _first.Folder, OutputColumnPrefix = "Pair", MaxLength = 12, ReturnOffsets = true,
            ReturnWordIds = true, ReturnSequenceIds = true, ReturnSpecialTokensMask = true, ReturnOverflowingTokens = true,
        };
        var estimator = _ml.Transforms.Text.TokenizeHf(options);
        var schema = estimator.Fit(data).Transform(data).Schema;
        string[] names = ["InputIds", "AttentionMask", "TokenTypeIds", "Offsets", "WordIds", "SequenceIds", "SpecialTokensMask", "SampleIndex"];
        CollectionAssert.AreEqual(names.Select(name => "Pair" + name).ToArray(), schema.Skip(data.Schema.Count).Select(column => column.Name).ToArray());
        EstimatorContract.AssertKept(estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)), SchemaShapes.Of(schema));
    }

    [TestMethod]
    public void TwoTokenizersLiveInOnePipeline()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        var both = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(Tokenize(_first, ""))
            .Append(Tokenize(_second, "Second"))
            .Append(_ml.HfTrainer.SequenceClassification(Classifiers.Options()))
            .Append(_ml.HfTrainer.SequenceClassification(Classifiers.Options(Second)));
        var trained = both.Fit(data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, data.Schema, new MLContext());
        using var owned = (IDisposable)loaded;
        var (first, second) = (Alone(_first, "", _ => { }, "Score"), Alone(_second, "Second", Second, "SecondScore"));
        foreach (var view in new[] { trained.Transform(data), loaded.Transform(data) })
        {
            AssertSame(first, view, "Score");
            AssertSame(second, view, "SecondScore");
        }
        Assert.AreNotEqual(first[0][0], second[0][0], 1e-4);
        trained.Dispose();

        List<float[]> Alone(TinyModel model, string prefix, Action<SequenceClassificationOptions> change, string score)
        {
            using var one = _ml.Transforms.Conversion.MapValueToKey("Label").Append(Tokenize(model, prefix))
                .Append(_ml.HfTrainer.SequenceClassification(Classifiers.Options(change))).Fit(data);
            return [.. one.Transform(data).GetColumn<float[]>(score)];
        }
    }

    [TestMethod]
    public void RawValidationDataIsTokenizedUnderThePrefix()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        using var trained = _ml.Transforms.Conversion.MapValueToKey("Label").Append(Tokenize(_second, "Second")).Append(_ml.HfTrainer.SequenceClassification(
            Classifiers.Options(o =>
            {
                Second(o);
                (o.ValidationSet, o.Arguments.EvalStrategy) = (data, IntervalStrategy.Epoch);
            }))).Fit(data);
        Assert.HasCount(1, trained.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_loss")));
    }

    [TestMethod]
    public void AWrongPrefixIsNamed()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        var prepared = _ml.Transforms.Conversion.MapValueToKey("Label").Append(Tokenize(_second, "Second")).Fit(data).Transform(data);
        var refusal = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.SequenceClassification(Classifiers.Options()).Fit(prepared));
        StringAssert.Contains(refusal.Message, "no token column 'InputIds'");
        StringAssert.Contains(refusal.Message, "There is 'SecondInputIds': its prefix belongs into the option TokenColumnPrefix");
    }

    [TestMethod]
    public void AMisspelledColumnSuggestsTheNearest()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        var prepared = _ml.Transforms.Conversion.MapValueToKey("Label").Append(Tokenize(_first, "")).Fit(data).Transform(data);
        void AssertSuggested(string nearest, Action action) => StringAssert.Contains(Assert.Throws<ArgumentException>(action).Message, $"Did you mean '{nearest}'?");
        AssertSuggested("Label", () => _ml.HfTrainer.SequenceClassification("Lable").Fit(prepared));
        AssertSuggested("Weight", () => _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => o.ExampleWeightColumnName = "weights")).Fit(prepared));
        AssertSuggested("Text", () => _ml.Transforms.Text.TokenizeHf("Texts", model: _first.Folder).Fit(data));
        AssertSuggested("Lable", () => _ml.HfTrainer.SequenceClassification(
            validationSet: _ml.Data.LoadFromEnumerable([new { Text = "good", Lable = "positive" }])).Fit(prepared));
        var none = Assert.Throws<ArgumentException>(() => _ml.HfTrainer.SequenceClassification("Sentiment").Fit(prepared));
        Assert.DoesNotContain("Did you mean", none.Message);
    }

    private TokenizeHfEstimator Tokenize(TinyModel model, string prefix) =>
        _ml.Transforms.Text.TokenizeHf(new() { Model = model.Folder, MaxLength = 24, OutputColumnPrefix = prefix });

    private static void Second(SequenceClassificationOptions options) =>
        (options.TokenColumnPrefix, options.ScoreColumnName, options.PredictedLabelColumnName) = ("Second", "SecondScore", "SecondLabel");

    private static void AssertSame(List<float[]> expected, IDataView view, string column)
    {
        foreach (var (e, f) in expected.Zip(view.GetColumn<float[]>(column)))
            for (var i = 0; i < e.Length; i++)
                Assert.AreEqual(e[i], f[i], 1e-6);
    }
}
