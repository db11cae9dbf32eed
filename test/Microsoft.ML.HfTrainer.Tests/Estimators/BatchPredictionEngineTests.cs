using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class BatchPredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public async Task Callers_get_what_an_engine_of_their_own_gives()
    {
        using var model = new TinyModel();
        var (rows, data) = (Review.Some(40), _ml.Data.LoadFromEnumerable(Review.Some(40)));
        var trained = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.TokenizeHf(model: model.Folder))
            .Append(_ml.HfTrainer.SequenceClassification(maxEpochs: 1))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        using var owned = (IDisposable)trained;
        using var single = _ml.Model.CreatePredictionEngine<Review, Verdict>(trained, new PredictionEngineOptions { OwnsTransformer = false });
        await using var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Review, Verdict>(trained);
        var found = await Task.WhenAll(rows.Select(row => Task.Run(() => engine.PredictAsync(row))));
        foreach (var (row, verdict) in rows.Zip(found))
        {
            var expected = single.Predict(row);
            Assert.AreEqual(row.Weight, verdict.Weight);
            Assert.AreEqual(expected.PredictedLabel, verdict.PredictedLabel);
            for (var i = 0; i < expected.Score.Length; i++)
                Assert.AreEqual(expected.Score[i], verdict.Score[i], 1e-5);
        }
    }

    [TestMethod]
    public async Task Requests_that_come_during_a_batch_form_the_next_one()
    {
        using var model = new Squares(_ml);
        await using var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Number, Square>(model, new() { MaxBatchSize = 8 });
        var first = engine.PredictAsync(new Number { Value = Squares.Waits });
        model.Started.Wait();
        var others = Enumerable.Range(0, 20).Select(i => engine.PredictAsync(new Number { Value = i })).ToList();
        model.Gate.Set();
        await first;
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(i => (float)i * i).ToArray(), (await Task.WhenAll(others)).Select(square => square.Result).ToArray());
        // The engine checks the columns before, without rows.
        CollectionAssert.AreEqual(new[] { 0, 1, 8, 8, 4 }, model.Sizes);
    }

    [TestMethod]
    public async Task An_example_that_fails_does_so_alone()
    {
        using var model = new Squares(_ml);
        await using var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Number, Square>(model);
        var first = engine.PredictAsync(new Number { Value = Squares.Waits });
        model.Started.Wait();
        var (before, bad, after) = (engine.PredictAsync(new Number { Value = 2 }), engine.PredictAsync(new Number { Value = Squares.Fails }), engine.PredictAsync(new Number { Value = 3 }));
        model.Gate.Set();
        await first;
        Assert.AreEqual(4, (await before).Result);
        Assert.AreEqual(9, (await after).Result);
        var failure = await Assert.ThrowsAsync<Exception>(() => bad);
        StringAssert.Contains(failure.ToString(), "no square");
    }

    [TestMethod]
    public async Task A_canceled_request_is_not_predicted()
    {
        using var model = new Squares(_ml);
        await using var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Number, Square>(model);
        using var cancellation = new CancellationTokenSource();
        var first = engine.PredictAsync(new Number { Value = Squares.Waits });
        model.Started.Wait();
        var canceled = engine.PredictAsync(new Number { Value = 2 }, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => canceled);
        var last = engine.PredictAsync(new Number { Value = 3 });
        model.Gate.Set();
        await Task.WhenAll(first, last);
        CollectionAssert.AreEqual(new[] { 0, 1, 1 }, model.Sizes);
    }

    [TestMethod]
    public async Task Disposing_answers_what_was_accepted()
    {
        using var model = new Squares(_ml);
        var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Number, Square>(model, new() { OwnsTransformer = true });
        var first = engine.PredictAsync(new Number { Value = Squares.Waits });
        model.Started.Wait();
        var second = engine.PredictAsync(new Number { Value = 2 });
        var disposal = engine.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => engine.PredictAsync(new Number()));
        Assert.IsFalse(model.IsDisposed);
        model.Gate.Set();
        await disposal;
        Assert.AreEqual(4, (await second).Result);
        await first;
        Assert.IsTrue(model.IsDisposed);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = false)]
    public async Task A_batch_may_have_any_size()
    {
        using var model = new Squares(_ml);
        await using var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Number, Square>(model, new() { MaxBatchSize = int.MaxValue });
        Assert.AreEqual(9, (await engine.PredictAsync(new Number { Value = 3 })).Result, "the engine answers");
    }

    [TestMethod]
    public void What_the_model_cannot_take_is_refused_at_once()
    {
        using var model = new Squares(_ml);
        StringAssert.Contains(Assert.Throws<Exception>(() => _ml.HfTrainer.CreateBatchPredictionEngine<Square, Square>(model)).Message, "Value");
        foreach (var options in new[] { new BatchPredictionOptions { MaxBatchSize = 0 }, new() { QueueCapacity = 0 }, new() { MaxDelay = TimeSpan.FromSeconds(-1) }, new() { MaxDelay = TimeSpan.MaxValue } })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.CreateBatchPredictionEngine<Number, Square>(model, options));
    }

    [TestMethod]
    public async Task A_model_that_drops_rows_is_refused_by_name()
    {
        var filter = new Filter(_ml);
        await using var engine = _ml.HfTrainer.CreateBatchPredictionEngine<Number, Number>(filter);
        StringAssert.Contains((await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => engine.PredictAsync(new Number { Value = 5 }))).Message, "0 rows for 1 examples");
    }

    private sealed class Number
    {
        public float Value { get; set; }
    }

    private sealed class Square
    {
        public float Result { get; set; }
    }

    // Tells the sizes of the batches that it gets, and waits at a value until a gate opens.
    private sealed class Squares : ITransformer, IDisposable
    {
        public const float Waits = -1, Fails = -2;

        private readonly ITransformer _mapping;
        private readonly MLContext _ml;

        public Squares(MLContext ml)
        {
            _ml = ml;
            _mapping = ml.Transforms.CustomMapping<Number, Square>(Map, null).Fit(ml.Data.LoadFromEnumerable<Number>([]));
        }

        public ManualResetEventSlim Started { get; } = new();

        public ManualResetEventSlim Gate { get; } = new();

        public List<int> Sizes { get; } = [];

        public bool IsDisposed { get; private set; }

        public bool IsRowToRowMapper => _mapping.IsRowToRowMapper;

        public IDataView Transform(IDataView input) => new Counted(_mapping.Transform(input), () => Sizes.Add(_ml.Data.CreateEnumerable<Number>(input, reuseRowObject: true).Count()));

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _mapping.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _mapping.GetRowToRowMapper(inputSchema);

        public void Save(ModelSaveContext ctx) => _mapping.Save(ctx);

        public void Dispose()
        {
            IsDisposed = true;
            Started.Dispose();
            Gate.Dispose();
        }

        private void Map(Number number, Square square)
        {
            if (number.Value == Waits)
            {
                Started.Set();
                Gate.Wait();
            }
            square.Result = number.Value != Fails ? number.Value * number.Value : throw new InvalidOperationException("There is no square.");
        }
    }

    private sealed class Counted(IDataView view, Action count) : IDataView
    {
        public bool CanShuffle => view.CanShuffle;

        public DataViewSchema Schema => view.Schema;

        public long? GetRowCount() => view.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            count();
            return view.GetRowCursor(columnsNeeded, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            count();
            return view.GetRowCursorSet(columnsNeeded, n, rand);
        }
    }

    private sealed class Filter(MLContext ml) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public IDataView Transform(IDataView input) => ml.Data.FilterRowsByColumn(input, "Value", upperBound: 1);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
