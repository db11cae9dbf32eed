using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationPredictionTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static TinyModel _model = null!;
    private static ITransformer _trained = null!;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        _model = new TinyModel();
        _trained = Classifiers.Train(_ml, _model);
    }

    [ClassCleanup]
    public static void CleanUp()
    {
        ((IDisposable)_trained).Dispose();
        _model.Dispose();
    }

    [TestMethod]
    public void RowsComeBackInOrderWithTheirOtherColumns()
    {
        var rows = Review.Some(1100);
        var verdicts = _trained.Predict(_ml, rows);

        Assert.HasCount(rows.Count, verdicts);
        foreach (var (row, verdict) in rows.Zip(verdicts))
        {
            Assert.AreEqual(row.Text, verdict.Text);
            Assert.AreEqual(row.Weight, verdict.Weight);
            CollectionAssert.AreEqual(row.Pixels, verdict.Pixels);
            Assert.AreEqual(1, verdict.Score.Sum(), 1e-5);
            Assert.AreEqual(verdict.Score[0] > verdict.Score[1] ? "positive" : "negative", verdict.PredictedLabel);
        }
        // The texts repeat every 24 rows, and so must what is predicted for them.
        for (var i = 24; i < rows.Count; i++)
            Assert.AreEqual(verdicts[i - 24].Score[0], verdicts[i].Score[0], 1e-6);
        Assert.IsGreaterThan(1e-4, verdicts.Max(v => v.Score[0]) - verdicts.Min(v => v.Score[0]));
    }

    [TestMethod]
    public void ABatchMayBeLargerThanAllData()
    {
        using var trained = (IDisposable)Classifiers.Train(_ml, _model, options => options.Arguments.PerDeviceEvalBatchSize = 1 << 27);
        Assert.HasCount(40, ((ITransformer)trained).Predict(_ml, Review.Some(40)));
    }

    [TestMethod]
    public void ScoresAreTheSoftmaxOfTheModel()
    {
        var classifier = _trained.Classifier();
        var rows = Review.Some();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (row, verdict) in rows.Zip(_trained.Predict(_ml, rows)))
        {
            var ids = classifier.Tokenizer.Encode(row.Text!, options: new EncodeOptions { MaxLength = 24 }).Ids;
            using var batch = new Batch
            {
                ["input_ids"] = tensor(ids, ScalarType.Int64).unsqueeze(0),
                ["attention_mask"] = ones(1, ids.Length, ScalarType.Int64),
            };
            var logits = classifier.Model.call(batch).Logits.data<float>().ToArray();
            var sum = logits.Sum(logit => Math.Exp(logit));
            for (var i = 0; i < logits.Length; i++)
                Assert.AreEqual(Math.Exp(logits[i]) / sum, verdict.Score[i], 1e-6);
        }
    }

    [TestMethod]
    public void SingleRowsAreScoredAsInBatches()
    {
        var rows = Review.Some(30);
        var batched = _trained.Predict(_ml, rows);
        using var engine = _ml.Model.CreatePredictionEngine<Review, Verdict>(_trained, new PredictionEngineOptions { OwnsTransformer = false });
        for (var i = 0; i < rows.Count; i++)
            AssertClose(batched[i], engine.Predict(rows[i]));
        // One object whose text changes is a new row each time.
        var same = new Review();
        foreach (var i in new[] { 3, 5, 5, 3 })
        {
            same.Text = rows[i].Text;
            AssertClose(batched[i], engine.Predict(same));
        }
    }

    [TestMethod]
    public void ARowNeedNotMoveToChange()
    {
        var rows = Review.Some(6);
        var batched = _trained.Predict(_ml, rows);
        var still = new StillRow();
        // Keys of labels are not needed to predict: the first step is left out.
        var row = ((IEnumerable<ITransformer>)_trained).Skip(1).Aggregate((DataViewRow)still, (input, transformer) =>
        {
            var mapper = transformer.GetRowToRowMapper(input.Schema);
            return mapper.GetRow(input, mapper.OutputSchema);
        });
        var (score, label) = (RowComparer.Reader(row, row.Schema["Score"]), RowComparer.Reader(row, row.Schema["PredictedLabel"]));
        for (var i = 0; i < rows.Count; i++)
        {
            still.Text = rows[i].Text!;
            AssertClose(batched[i], new Verdict { PredictedLabel = (string)label(), Score = [.. ((object[])score()).Cast<float>()] });
        }
    }

    [TestMethod]
    public void ALoadedModelPredictsAlikeOnManyThreads()
    {
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, _trained, _ml.Data.LoadFromEnumerable(Review.Some()).Schema, new MLContext());
        using var owned = (IDisposable)loaded;
        var rows = Review.Some(48);
        var expected = loaded.Predict(_ml, rows);
        foreach (var (before, after) in _trained.Predict(_ml, rows).Zip(expected))
            AssertClose(before, after);

        var failures = new List<Exception>();
        var start = new Barrier(8);
        var threads = Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            try
            {
                var ml = new MLContext();
                using var engine = ml.Model.CreatePredictionEngine<Review, Verdict>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
                start.SignalAndWait();
                for (var i = 0; i < rows.Count; i++)
                    AssertClose(expected[(i + number) % rows.Count], engine.Predict(rows[(i + number) % rows.Count]));
                foreach (var (one, many) in expected.Zip(loaded.Predict(ml, rows)))
                    AssertClose(one, many);
            }
            catch (Exception failure)
            {
                lock (failures)
                    failures.Add(failure);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    [TestMethod]
    public void OnlyWhatIsAskedForIsComputed()
    {
        using var model = new TinyModel();
        var trained = Classifiers.Train(_ml, model);
        var view = trained.Score(_ml.Data.LoadFromEnumerable(Review.Some()));
        using (var scores = view.GetRowCursor([view.Schema["Score"]]))
        {
            var text = Assert.ThrowsExactly<InvalidOperationException>(() => scores.GetGetter<ReadOnlyMemory<char>>(view.Schema["Text"]));
            StringAssert.Contains(text.Message, "'Text' is not active");
        }
        // Were the model run, it would throw: it is disposed.
        ((IDisposable)trained).Dispose();
        using var cursor = view.GetRowCursor([view.Schema["Weight"]]);
        var (getter, weight, count) = (cursor.GetGetter<float>(view.Schema["Weight"]), 0f, 0);
        for (; cursor.MoveNext(); count++)
        {
            getter(ref weight);
            Assert.AreEqual(count, weight);
        }
        Assert.AreEqual(8, count);
        using var scored = view.GetRowCursor([view.Schema["Score"]]);
        Assert.ThrowsExactly<ObjectDisposedException>(() => scored.MoveNext());
    }

    [TestMethod]
    public void GettersRefuseRowsThatAreNone()
    {
        var view = _trained.Score(_ml.Data.LoadFromEnumerable(Review.Some()));
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        var (getter, score) = (cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]), default(VBuffer<float>));
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref score));
        while (cursor.MoveNext())
            getter(ref score);
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref score));
    }

    [TestMethod]
    public void LogLossIsThatOfTheProbabilities()
    {
        var rows = Review.Some(24);
        var metrics = _ml.MulticlassClassification.Evaluate(_trained.Score(_ml.Data.LoadFromEnumerable(rows)));
        var verdicts = _trained.Predict(_ml, rows);

        var expected = -rows.Zip(verdicts).Average(pair => Math.Log(pair.Second.Score[pair.First.Label == "positive" ? 0 : 1]));
        Assert.AreEqual(expected, metrics.LogLoss, 1e-6);
        Assert.AreEqual(rows.Zip(verdicts).Average(pair => pair.First.Label == pair.Second.PredictedLabel ? 1.0 : 0), metrics.MicroAccuracy, 1e-9);
    }

    private static void AssertClose(Verdict expected, Verdict actual)
    {
        Assert.AreEqual(expected.PredictedLabel, actual.PredictedLabel);
        Assert.HasCount(expected.Score.Length, actual.Score);
        for (var i = 0; i < expected.Score.Length; i++)
            Assert.AreEqual(expected.Score[i], actual.Score[i], 1e-6);
    }
}
