using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>What is cut off as rows of its own.</summary>
[TestClass]
public sealed class TokenizeHfOverflowTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void EveryPartIsARowWithTheOtherColumnsOfItsSource()
    {
        var rows = Question.Some(700);
        var found = _ml.Data.CreateEnumerable<Part>(Tokens(Load(rows)), reuseRowObject: false).ToList();

        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        var expected = new List<(int Row, TokenEncoding Part)>();
        for (var i = 0; i < rows.Count; i++)
        {
            var encoding = tokenizer.Encode(rows[i].Asked, rows[i].Context, new() { MaxLength = 14, Truncation = TruncationStrategy.OnlySecond, Stride = 2 });
            expected.AddRange([(i, encoding), .. encoding.Overflowing.Select(part => (i, part))]);
        }
        Assert.IsGreaterThan(2 * rows.Count, expected.Count);
        Assert.HasCount(expected.Count, found);
        foreach (var ((row, part), actual) in expected.Zip(found))
        {
            Assert.AreEqual(row, actual.SampleIndex);
            Assert.AreEqual(row, actual.Number);
            Assert.AreEqual(rows[row].Context, actual.Context);
            CollectionAssert.AreEqual(rows[row].ContextWords, actual.ContextWords);
            CollectionAssert.AreEqual(part.Ids.Select(id => (long)id).ToArray(), actual.InputIds);
            CollectionAssert.AreEqual(part.Offsets.SelectMany(range => new long[] { range.Start, range.End }).ToArray(), actual.Offsets);
        }
    }

    [TestMethod]
    public void WhatIsPromisedIsDeliveredSavedAndLoaded()
    {
        var data = Load(Question.Some());
        var estimator = _ml.Transforms.Text.TokenizeHf(Options());
        var transformer = estimator.Fit(data);
        EstimatorContract.AssertKept(estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)), SchemaShapes.Of(transformer.GetOutputSchema(data.Schema)));
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, transformer, data.Schema, new MLContext());
        var (ours, theirs) = (transformer.Transform(data), loaded.Transform(data));
        SchemaComparer.AssertSame(transformer.GetOutputSchema(data.Schema), ours.Schema);
        SchemaComparer.AssertSame(ours.Schema, theirs.Schema);
        RowComparer.AssertSame(RowComparer.Read(ours), RowComparer.Read(theirs));
        // Each column by itself, even one that is no token column, has as many rows.
        RowComparer.AssertSame(RowComparer.Read(ours), RowComparer.ReadColumnByColumn(ours));
    }

    [TestMethod]
    public void RowsHaveIdsOfTheirOwnAndOneOrder()
    {
        var view = Tokens(_ml.Data.Cache(Load(Question.Some(100))));
        Assert.IsFalse(view.CanShuffle);
        Assert.IsNull(view.GetRowCount());
        var expected = RowComparer.Read(view);
        Assert.AreEqual(expected.Count, expected.Select(row => row[0]).Distinct().Count(), "ids");
        Assert.IsTrue(Tokens(Load([])).GetColumn<long>("SampleIndex").SequenceEqual([]));

        var cursors = view.GetRowCursorSet(view.Schema, 4, new Random(1));
        Assert.HasCount(1, cursors);
        using var cursor = cursors[0];
        var (read, index, count) = (cursor.GetGetter<long>(view.Schema["SampleIndex"]), 0L, 0);
        Assert.ThrowsExactly<InvalidOperationException>(() => read(ref index));
        var (id, readId) = (default(DataViewRowId), cursor.GetIdGetter());
        for (; cursor.MoveNext(); count++)
        {
            read(ref index);
            readId(ref id);
            Assert.AreEqual(expected[count][0], id.ToString());
            Assert.AreEqual(expected[count][^1], index);
        }
        Assert.AreEqual(expected.Count, count);
        Assert.ThrowsExactly<InvalidOperationException>(() => read(ref index));
    }

    [TestMethod]
    public void PartsKeepTheirRowsThroughOtherSteps()
    {
        var view = Tokens(Load(Question.Some(50)));
        var all = view.GetColumn<long>("SampleIndex").ToList();
        foreach (var (name, other) in new[] { ("shuffled", _ml.Data.ShuffleRows(view, seed: 1)), ("cached", _ml.Data.Cache(view)), ("taken", _ml.Data.TakeRows(view, all.Count)) })
        {
            var rows = other.GetColumn<long>("SampleIndex").ToList();
            CollectionAssert.AreEqual(rows, other.GetColumn<float>("Number").Select(number => (long)number).ToList(), name);
            CollectionAssert.AreEquivalent(all, rows, name);
            Assert.AreEqual(name == "shuffled", !all.SequenceEqual(rows), name);
        }
    }

    [TestMethod]
    public void SingleRowsAreRefused()
    {
        ITransformer transformer = _ml.Transforms.Text.TokenizeHf(Options()).Fit(Load(Question.Some()));
        Assert.IsFalse(transformer.IsRowToRowMapper);
        var refusal = Assert.ThrowsExactly<InvalidOperationException>(() => transformer.GetRowToRowMapper(Load([]).Schema));
        StringAssert.Contains(refusal.Message, "'Asked' and 'Context'");
        StringAssert.Contains(refusal.Message, "ReturnOverflowingTokens");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Question, Part>(transformer));
    }

    [TestMethod]
    public void OverflowIsNoReasonToWarn()
    {
        var log = new LogLines(_ml);
        _ = Tokens(Load([.. Question.Some().Skip(1)])).GetColumn<long>("SampleIndex").ToList();
        Assert.IsEmpty(log.Warnings);
    }

    [TestMethod]
    public void AClassifierIsTrainedAndEvaluatedOnThePartsOfLongTexts()
    {
        var rows = Review.Some(30);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var tokenize = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, MaxLength = 8, Stride = 1, ReturnOverflowingTokens = true });
        var parts = tokenize.Fit(data).Transform(data).GetColumn<long>("SampleIndex").ToList();
        Assert.IsGreaterThan(rows.Count, parts.Count);

        using var trained = _ml.Transforms.Conversion.MapValueToKey("Label").Append(tokenize).Append(_ml.HfTrainer.SequenceClassification(Classifiers.Options(o =>
        {
            o.Arguments.PerDeviceTrainBatchSize = 1;
            (o.ValidationSet, o.Arguments.EvalStrategy) = (data, IntervalStrategy.Epoch);
            o.ComputeMetrics = prediction => new Dictionary<string, double> { ["rows"] = prediction.PredictedClasses().Count() };
        }))).Fit(data);
        Assert.AreEqual(parts.Count, trained.LastTransformer.TrainOutput!.GlobalStep);
        Assert.AreEqual(parts.Count, trained.LastTransformer.LogHistory.Single(record => record.ContainsKey("eval_rows"))["eval_rows"]);
        var scored = trained.Transform(data);
        CollectionAssert.AreEqual(parts, scored.GetColumn<long>("SampleIndex").ToList());
        CollectionAssert.AreEqual(parts.ConvertAll(row => rows[(int)row].Weight), scored.GetColumn<float>("Weight").ToList());
        Assert.IsTrue(scored.GetColumn<float[]>("Score").All(score => Math.Abs(score.Sum() - 1) < 1e-5));
    }

    private TokenizeHfOptions Options() => new()
    {
        TextColumnName = "Asked", PairColumnName = "Context", Model = _model.Folder, MaxLength = 14, Truncation = TruncationStrategy.OnlySecond,
        ReturnOverflowingTokens = true, Stride = 2, ReturnOffsets = true,
    };

    private IDataView Load(List<Question> rows) => _ml.Data.LoadFromEnumerable(rows);

    private IDataView Tokens(IDataView data) => _ml.Transforms.Text.TokenizeHf(Options()).Fit(data).Transform(data);

    private sealed class Part
    {
        public string Context { get; set; } = "";

        public string[] ContextWords { get; set; } = [];

        public float Number { get; set; }

        public long[] InputIds { get; set; } = [];

        public long[] Offsets { get; set; } = [];

        public long SampleIndex { get; set; }
    }
}
