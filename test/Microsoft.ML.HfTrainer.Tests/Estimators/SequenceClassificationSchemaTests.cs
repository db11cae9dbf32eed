using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationSchemaTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void KeepsTheRulesOfEstimators()
    {
        var data = Tokenized(Review.Some());
        EstimatorContract.Check(_ml, _ml.HfTrainer.SequenceClassification(Classifiers.Options()), data, _ml.Data.LoadFromEnumerable(Review.Some()));
    }

    [TestMethod]
    public void TextLabelsNameTheScores()
    {
        var schema = PromisedAndDelivered(Tokenized(Review.Some()));

        var (label, score) = (schema["PredictedLabel"], schema["Score"]);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), label.Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), score.Type);
        string[] classes = ["positive", "negative"];
        CollectionAssert.AreEqual(classes, SchemaComparer.Values(label, "KeyValues"));
        CollectionAssert.AreEqual(classes, SchemaComparer.Values(score, "SlotNames"));
        CollectionAssert.AreEqual(classes, SchemaComparer.Values(score, "TrainingLabelValues"));
        CollectionAssert.AreEquivalent(
            new[] { "SlotNames", "TrainingLabelValues", "ScoreColumnSetId", "ScoreColumnKind", "ScoreValueKind" },
            score.Annotations.Schema.Select(a => a.Name).ToList());
        Assert.AreEqual("MulticlassClassification", Text(score, "ScoreColumnKind"));
        Assert.AreEqual("Score", Text(score, "ScoreValueKind"));
        Assert.AreEqual(1u, SetId(score));
    }

    [TestMethod]
    public void ColumnsOfPredictionsDoNotHideEachOther()
    {
        var (data, trainer) = (Tokenized(Review.Some()), _ml.HfTrainer.SequenceClassification(predictedLabelColumnName: "Score"));
        const string Expected = "Two columns of predictions have the name 'Score'";
        Assert.Contains(Expected, Assert.ThrowsExactly<ArgumentException>(() => trainer.GetOutputSchema(SchemaShapes.Of(data.Schema))).Message);
        Assert.Contains(Expected, Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(data)).Message);
    }

    [TestMethod]
    public void OtherLabelsDoNotNameTheScores()
    {
        var rows = Review.Some().Select((row, i) => new { row.Text, Label = i % 3 * 0.5f });
        var data = Tokenize(_ml.Data.LoadFromEnumerable(rows));
        var schema = PromisedAndDelivered(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data));

        CollectionAssert.AreEqual(new[] { "0", "0.5", "1" }, SchemaComparer.Values(schema["PredictedLabel"], "KeyValues"));
        CollectionAssert.AreEqual(new[] { "0", "0.5", "1" }, SchemaComparer.Values(schema["Score"], "TrainingLabelValues"));
        Assert.IsEmpty(SchemaComparer.Values(schema["Score"], "SlotNames"));
        Assert.IsNull(schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [TestMethod]
    public void KeysWithoutValuesAreEnough()
    {
        var data = Tokenize(_ml.Data.LoadFromEnumerable(Review.Some().Select((row, i) => new KeyRow { Text = row.Text!, Label = (uint)(1 + i % 2) })));
        var schema = PromisedAndDelivered(data, out var names);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 4), schema["PredictedLabel"].Type);
        Assert.AreEqual(0, schema["PredictedLabel"].Annotations.Schema.Count);
        CollectionAssert.AreEquivalent(
            new[] { "ScoreColumnSetId", "ScoreColumnKind", "ScoreValueKind" }, schema["Score"].Annotations.Schema.Select(a => a.Name).ToList());
        CollectionAssert.AreEqual(new[] { "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3" }, names.ToList());
    }

    [TestMethod]
    public void ASecondSetOfScoresHasANumberOfItsOwn()
    {
        var data = Tokenized(Review.Some());
        var options = Classifiers.Options(o => (o.ScoreColumnName, o.PredictedLabelColumnName) = ("Second", "SecondLabel"));
        using var first = _ml.HfTrainer.SequenceClassification(Classifiers.Options()).Fit(data);
        using var second = _ml.HfTrainer.SequenceClassification(options).Fit(data);
        var schema = second.Transform(first.Transform(data)).Schema;

        Assert.AreEqual(1u, SetId(schema["Score"]));
        Assert.AreEqual(2u, SetId(schema["Second"]));
    }

    [TestMethod]
    public void AClassWithoutExamplesKeepsItsPlace()
    {
        var rows = Review.Some();
        rows.Add(new Review { Text = "so so", Label = "mixed" });
        var all = Tokenized(rows);
        using var trained = _ml.HfTrainer.SequenceClassification(Classifiers.Options()).Fit(_ml.Data.TakeRows(all, 8));

        Assert.AreEqual(3, trained.Model.Config.Labels.Count);
        CollectionAssert.AreEqual(new[] { "positive", "negative", "mixed" }, SchemaComparer.Values(trained.GetOutputSchema(all.Schema)["Score"], "SlotNames"));
        foreach (var row in _ml.Data.CreateEnumerable<Scores>(trained.Transform(all), reuseRowObject: false))
        {
            Assert.HasCount(3, row.Score);
            Assert.AreEqual(1, row.Score.Sum(), 1e-5);
        }
    }

    [TestMethod]
    public void TheLabelsNameTheModelsClasses()
    {
        using var trained = _ml.HfTrainer.SequenceClassification(Classifiers.Options()).Fit(Tokenized(Review.Some()));
        CollectionAssert.AreEqual(new[] { "positive", "negative" }, trained.Model.Config.Labels.ToList());
        Assert.AreEqual(ProblemType.SingleLabelClassification, trained.Model.Config.ProblemType);
    }

    private DataViewSchema PromisedAndDelivered(IDataView data) => PromisedAndDelivered(data, out _);

    private DataViewSchema PromisedAndDelivered(IDataView data, out IReadOnlyList<string> classes)
    {
        var estimator = _ml.HfTrainer.SequenceClassification(Classifiers.Options());
        using var trained = estimator.Fit(data);
        var schema = trained.GetOutputSchema(data.Schema);
        EstimatorContract.AssertKept(estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)), SchemaShapes.Of(schema));
        classes = trained.Model.Config.Labels;
        return schema;
    }

    private IDataView Tokenize(IDataView data) => _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24).Fit(data).Transform(data);

    private IDataView Tokenized(List<Review> rows)
    {
        var data = Tokenize(_ml.Data.LoadFromEnumerable(rows));
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static string Text(DataViewSchema.Column column, string kind)
    {
        var value = default(ReadOnlyMemory<char>);
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    private static uint SetId(DataViewSchema.Column column)
    {
        var value = 0u;
        column.Annotations.GetValue("ScoreColumnSetId", ref value);
        return value;
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class KeyRow
    {
        public string Text { get; set; } = "";

        [KeyType(4)]
        public uint Label { get; set; }
    }
}
