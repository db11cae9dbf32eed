using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Labels that are no keys: decisions, several decisions, numbers.</summary>
[TestClass]
public sealed class SequenceClassificationLabelTests
{
    private static readonly string[] _topics = ["Food", "Film", "Praise"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    [DataRow(nameof(Note.IsGood))]
    [DataRow("Topics")]
    [DataRow("TopicNumbers")]
    [DataRow(nameof(Note.Flags))]
    [DataRow(nameof(Note.Stars))]
    public void KeepsTheRulesOfEstimators(string label) => EstimatorContract.Check(
        _ml, _ml.HfTrainer.SequenceClassification(Options(label, 1)), Tokenized(), _ml.Data.LoadFromEnumerable(Note.Some()));

    [TestMethod]
    public void DecisionsFollowTheConventionOfBinaryClassifiers()
    {
        var data = Tokenized();
        using var trained = _ml.HfTrainer.SequenceClassification(Options(nameof(Note.IsGood), 15, o =>
            (o.ValidationSet, o.Arguments.EvalStrategy) = (data, IntervalStrategy.Epoch))).Fit(data);
        var predicted = trained.Transform(data);
        var metrics = _ml.BinaryClassification.Evaluate(predicted, nameof(Note.IsGood));
        Assert.IsGreaterThan(0.9, metrics.Accuracy);
        Assert.IsGreaterThan(0.9, metrics.AreaUnderRocCurve);
        var last = trained.LogHistory.Last(record => record.ContainsKey("eval_accuracy"));
        Assert.AreEqual(metrics.Accuracy, last["eval_accuracy"], 1e-9);
        Assert.AreEqual(metrics.F1Score, last["eval_f1"], 1e-9);
        foreach (var row in _ml.Data.CreateEnumerable<Decided>(predicted, reuseRowObject: false))
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-row.Score)), row.Probability, 1e-6);
            Assert.AreEqual(row.Score > 0, row.PredictedLabel);
        }
        foreach (var (name, value) in new[] { ("PredictedLabel", "PredictedLabel"), ("Score", "Score"), ("Probability", "Probability") })
        {
            Assert.AreEqual("BinaryClassification", Text(predicted.Schema[name], "ScoreColumnKind"));
            Assert.AreEqual(value, Text(predicted.Schema[name], "ScoreValueKind"));
        }
        CollectionAssert.AreEqual(new[] { "False", "True" }, trained.Model.Config.Labels.ToArray());
    }

    [TestMethod]
    public void DecisionsAreLearntAsTwoClassesAre()
    {
        var data = Tokenized();
        using var decisions = _ml.HfTrainer.SequenceClassification(Options(nameof(Note.IsGood), 1)).Fit(data);
        using var classes = _ml.HfTrainer.SequenceClassification(Options("Verdict", 1)).Fit(data);
        Assert.AreEqual(classes.TrainOutput!.TrainingLoss, decisions.TrainOutput!.TrainingLoss, 1e-9);
        var scores = _ml.Data.CreateEnumerable<Decided>(decisions.Transform(data), reuseRowObject: false).Zip(
            _ml.Data.CreateEnumerable<Classified>(classes.Transform(data), reuseRowObject: false));
        foreach (var (one, other) in scores)
            Assert.AreEqual(other.Score[1], one.Probability, 1e-6);
    }

    [TestMethod]
    [DataRow("Topics", true)]
    [DataRow(nameof(Note.Flags), false)]
    public void SeveralClassesAtOnceAreLearnt(string label, bool haveNames)
    {
        var data = Tokenized();
        using var trained = _ml.HfTrainer.SequenceClassification(Options(label, 25, o =>
        {
            (o.ValidationSet, o.Threshold) = (data, 0.4f);
            (o.Arguments.EvalStrategy, o.Arguments.LearningRate) = (IntervalStrategy.Epoch, 3e-3);
        })).Fit(data);
        var predicted = trained.Transform(data);
        var metrics = _ml.HfTrainer.EvaluateMultiLabel(predicted, label);
        Assert.IsGreaterThan(0.9, metrics.MicroF1, metrics.ToString());
        Assert.AreEqual(metrics.MicroF1, trained.LogHistory.Last(record => record.ContainsKey("eval_micro_f1"))["eval_micro_f1"], 1e-9, "with the threshold of predictions");
        foreach (var row in _ml.Data.CreateEnumerable<Marked>(predicted, reuseRowObject: false))
            for (var i = 0; i < 3; i++)
            {
                Assert.AreEqual(1 / (1 + Math.Exp(-row.Score[i])), row.Probability[i], 1e-6);
                Assert.AreEqual(row.Probability[i] > 0.4f, row.PredictedLabel[i]);
            }
        foreach (var name in new[] { "PredictedLabel", "Score", "Probability" })
            CollectionAssert.AreEqual(haveNames ? _topics : [], SchemaComparer.Values(predicted.Schema[name], "SlotNames"), name);
        Assert.AreEqual(ProblemType.MultiLabelClassification, trained.Model.Config.ProblemType);
        Assert.AreEqual(haveNames, trained.Model.Config.Labels.SequenceEqual(_topics), "without names of its own, the label leaves the model those it has");
        CollectionAssert.AreEqual(haveNames ? _topics : ["0", "1", "2"], metrics.PerLabel.Select(l => l.Key).ToArray());
    }

    [TestMethod]
    public void ZerosAndOnesAreDecisions()
    {
        var data = Tokenized();
        using var booleans = _ml.HfTrainer.SequenceClassification(Options("Topics", 1)).Fit(data);
        using var numbers = _ml.HfTrainer.SequenceClassification(Options("TopicNumbers", 1)).Fit(data);
        Assert.AreEqual(booleans.TrainOutput!.TrainingLoss, numbers.TrainOutput!.TrainingLoss, 1e-9);
    }

    [TestMethod]
    public void NumbersFollowTheConventionOfRegression()
    {
        var data = Tokenized();
        using var trained = _ml.HfTrainer.SequenceClassification(Options(nameof(Note.Stars), 30, o =>
        {
            o.ValidationSet = data;
            (o.Arguments.EvalStrategy, o.Arguments.LearningRate) = (IntervalStrategy.Epoch, 3e-3);
        })).Fit(data);
        var predicted = trained.Transform(data);
        var metrics = _ml.Regression.Evaluate(predicted, nameof(Note.Stars));
        Assert.IsGreaterThan(0.8, metrics.RSquared);
        var last = trained.LogHistory.Last(record => record.ContainsKey("eval_mse"));
        Assert.AreEqual(metrics.MeanSquaredError, last["eval_mse"], 1e-5);
        Assert.IsGreaterThan(0.9, last["eval_pearson"]);
        Assert.IsGreaterThan(0.8, last["eval_spearmanr"]);
        Assert.AreEqual("Regression", Text(predicted.Schema["Score"], "ScoreColumnKind"));
        Assert.IsNull(predicted.Schema.GetColumnOrNull("PredictedLabel"));
        Assert.AreEqual(ProblemType.Regression, trained.Model.Config.ProblemType);
    }

    [TestMethod]
    public void TheCatalogsOfMlNetCrossValidate()
    {
        var pipeline = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24);
        var raw = _ml.Data.LoadFromEnumerable(Note.Some());
        foreach (var fold in _ml.BinaryClassification.CrossValidateNonCalibrated(
            raw, pipeline.Append(_ml.HfTrainer.SequenceClassification(Options(nameof(Note.IsGood), 1))), numberOfFolds: 2, labelColumnName: nameof(Note.IsGood)))
            Assert.IsGreaterThan(0, fold.Metrics.Accuracy);
        foreach (var fold in _ml.Regression.CrossValidate(
            raw, pipeline.Append(_ml.HfTrainer.SequenceClassification(Options(nameof(Note.Stars), 1))), numberOfFolds: 2, labelColumnName: nameof(Note.Stars)))
            Assert.IsGreaterThan(0, fold.Metrics.MeanSquaredError);
    }

    [TestMethod]
    [DataRow(nameof(Note.IsGood), "True", "False")]
    [DataRow("Topics", "Food", "Film", "Praise")]
    [DataRow(nameof(Note.Stars))]
    public void WeightsMultiplyTheLossesOfTheirExamples(string label, params string[] classes)
    {
        double Loss(Action<SequenceClassificationOptions> change)
        {
            using var trained = _ml.HfTrainer.SequenceClassification(Options(label, 1, o =>
            {
                (o.Arguments.LoggingSteps, o.Arguments.MaxSteps) = (1, 1);
                change(o);
            })).Fit(Tokenized());
            return trained.LogHistory[0]["loss"];
        }

        var plain = Loss(_ => { });
        Assert.AreEqual(2 * plain, Loss(o => o.ExampleWeightColumnName = nameof(Note.Two)), 1e-5 * plain);
        if (classes.Length > 0)
            Assert.AreEqual(3 * plain, Loss(o => o.ClassWeights = classes.ToDictionary(name => name, _ => 3f)), 1e-5 * plain);
    }

    [TestMethod]
    public void ATrainedModelIsWrittenAndReadAsAFolder()
    {
        var data = Tokenized();
        using var folder = new TemporaryFolder();
        using var trained = _ml.HfTrainer.SequenceClassification(Options("Topics", 1)).Fit(data);
        trained.SavePretrained(folder.Path);
        using var model = AutoModelForSequenceClassification.FromPretrained(folder.Path);
        CollectionAssert.AreEqual(_topics, model.Config.Labels.ToArray());
        Assert.AreEqual(ProblemType.MultiLabelClassification, model.Config.ProblemType);
    }

    [TestMethod]
    public void ALabelOfNoKindNamesAll()
    {
        var refused = Refused<ArgumentOutOfRangeException>("Text", _ => { });
        foreach (var part in new[] { "'Text' is String", "Key<UInt32>", "Boolean", "vector of known size", "Single for a number" })
            StringAssert.Contains(refused, part);
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>(nameof(Note.Loose), _ => { }), "VarVector<Boolean>");
    }

    [TestMethod]
    public void OptionsThatDoNotFitTheLabelAreRefused()
    {
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>("Verdict", o => o.Threshold = 0.3f), "Threshold is 0.3");
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>(nameof(Note.Stars), o => o.Threshold = 0.3f), "'Stars'");
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>("Topics", o => o.Threshold = 1), "Threshold is 1");
        StringAssert.Contains(
            Refused<ArgumentException>(nameof(Note.Stars), o => o.ClassWeights = new Dictionary<string, float> { ["1"] = 2 }), "ClassWeights");
        StringAssert.Contains(Refused<ArgumentException>("Topics", o => o.ClassWeights = new Dictionary<string, float> { ["Sport"] = 2 }), "'Sport'");
    }

    [TestMethod]
    public void AValueThatIsNoLabelNamesItsRow()
    {
        var rows = Note.Some();
        rows[2].Stars = float.NaN;
        StringAssert.Contains(Refused<InvalidDataException>(nameof(Note.Stars), _ => { }, rows), "Row 3 of the training data has the label NaN");
        rows[4].IsFood = 0.5f;
        StringAssert.Contains(Refused<InvalidDataException>("TopicNumbers", _ => { }, rows), "Row 5 of the training data has 0.5 as value 1 of");
        StringAssert.Contains(
            Refused<InvalidDataException>("Topics", o => o.ValidationSet = _ml.Data.LoadFromEnumerable([new { Text = "good", Topics = new[] { true } }])),
            "Row 1 of the validation set has 1 values in 'Topics', and the training data has 3 classes");
        StringAssert.Contains(
            Refused<ArgumentException>(nameof(Note.IsGood), o => o.ValidationSet = _ml.Data.LoadFromEnumerable([new { Text = "good", IsGood = 1f }])),
            "'IsGood' of the validation set is Single; it should be Boolean");
    }

    private string Refused<TException>(string label, Action<SequenceClassificationOptions> change, List<Note>? rows = null) where TException : Exception =>
        Assert.ThrowsExactly<TException>(() => _ml.HfTrainer.SequenceClassification(Options(label, 1, change)).Fit(Tokenized(rows))).Message;

    private static SequenceClassificationOptions Options(string label, int epochs, Action<SequenceClassificationOptions>? change = null) => Classifiers.Options(o =>
    {
        (o.LabelColumnName, o.Arguments.NumTrainEpochs) = (label, epochs);
        change?.Invoke(o);
    });

    // "Topics" is a vector with names, as Concatenate makes it; "Verdict" a key of the same two classes as IsGood.
    private IDataView Tokenized(List<Note>? rows = null)
    {
        var data = _ml.Data.LoadFromEnumerable(rows ?? Note.Some());
        return _ml.Transforms.Concatenate("TopicNumbers", nameof(Note.IsFood), nameof(Note.IsFilm), nameof(Note.IsPraise))
            .Append(_ml.Transforms.Concatenate("Topics", "Food", "Film", "Praise"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Verdict", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(_ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24)).Fit(data).Transform(data);
    }

    private static string Text(DataViewSchema.Column column, string kind)
    {
        var value = default(ReadOnlyMemory<char>);
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    private sealed class Note
    {
        public string Text { get; set; } = "";

        public bool IsGood { get; set; }

        public string Verdict => IsGood.ToString();

        public float Stars { get; set; }

        public float IsFood { get; set; }

        public float IsFilm { get; set; }

        public float IsPraise { get; set; }

        public bool Food => IsFood > 0;

        public bool Film => IsFilm > 0;

        public bool Praise => IsPraise > 0;

        [VectorType(3)]
        public bool[] Flags => [Food, Film, Praise];

        public bool[] Loose => Flags;

        public float Two => 2;

        // "the soup is good": a thing and a judgement.
        public static List<Note> Some() =>
        [
            .. from thing in new[] { "soup", "meal", "bread", "film", "plot", "cast" }
               from judgement in new[] { "good", "great", "bad", "awful" }
               let isGood = judgement is "good" or "great"
               let isFilm = thing is "film" or "plot" or "cast"
               select new Note
               {
                   Text = $"the {thing} is {judgement}",
                   IsGood = isGood,
                   Stars = isGood ? 2 : -1,
                   IsFood = isFilm ? 0 : 1,
                   IsFilm = isFilm ? 1 : 0,
                   IsPraise = isGood ? 1 : 0,
               },
        ];
    }

    private sealed class Decided
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Classified
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Marked
    {
        public bool[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];

        public float[] Probability { get; set; } = [];
    }
}
