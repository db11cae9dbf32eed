using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Sources that give a few examples and then stall until a gate opens, which happens only after the canceled run has ended.</summary>
[TestClass]
public sealed class StalledSourceTests : IDisposable
{
    private const int Hang = 60_000, Given = 6;

    private readonly ManualResetEventSlim _gate = new(), _stalled = new(), _left = new();
    private readonly CancellationTokenSource _cancellation = new();

    public void Dispose()
    {
        _gate.Set();
        _cancellation.Dispose();
    }

    [TestMethod]
    [Timeout(Hang)]
    [DataRow(0)]
    [DataRow(2)]
    public void Training_on_a_stream_ends(int workers) => AssertCanceled(trainer => trainer.Train(), IterableDataset.From(Stalling), workers);

    [TestMethod]
    [Timeout(Hang)]
    [DataRow(0)]
    [DataRow(2)]
    public void Training_on_a_mapped_stream_ends(int workers) =>
        AssertCanceled(trainer => trainer.Train(), IterableDataset.From(Stalling).Map(examples => examples, batchSize: 1, workers: workers).Shuffle(2, seed: 1), workers);

    [TestMethod]
    [Timeout(Hang)]
    [DataRow(0)]
    [DataRow(2)]
    public void An_evaluation_ends(int workers) => AssertCanceled(trainer => trainer.Evaluate(IterableDataset.From(Stalling)), TinyBert.Data(4), workers);

    [TestMethod]
    [Timeout(Hang)]
    [DataRow(0)]
    [DataRow(2)]
    public void A_prediction_on_a_dataset_with_an_index_ends(int workers) => AssertCanceled(trainer => trainer.Predict(new StallingDataset(this)), TinyBert.Data(4), workers);

    [TestMethod]
    [Timeout(Hang)]
    [DataRow(0)]
    [DataRow(2)]
    public void An_asynchronous_source_is_told(int workers)
    {
        var told = new TaskCompletionSource();
        AssertCanceled(trainer => trainer.Train(), IterableDataset.From(() => Endless(told)), workers);
        Assert.IsTrue(told.Task.Wait(Hang));
    }

    [TestMethod]
    [Timeout(Hang)]
    public void A_run_that_is_complete_does_not_wait_for_what_it_does_not_need()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { MaxSteps = 2, PerDeviceTrainBatchSize = 2, DataloaderNumWorkers = 2, DataloaderPrefetchFactor = 4 };
        using var trainer = new Trainer(model, args, IterableDataset.From(Stalling), dataCollator: TinyBert.Collator);
        Assert.AreEqual(2, trainer.Train().GlobalStep);
        _gate.Set();
        Assert.IsTrue(_left.Wait(Hang), "the source is left once it answers");
    }

    [TestMethod]
    [Timeout(Hang)]
    [DataRow(false, DisplayName = "by the token")]
    [DataRow(true, DisplayName = "by the context")]
    public void Fit_ends_when_the_cursor_of_its_data_stalls(bool byContext)
    {
        var ml = new MLContext(seed: 1);
        using var model = new TinyModel();
        var tokenized = ml.Transforms.Conversion.MapValueToKey("Label").Fit(ml.Data.LoadFromEnumerable(Review.Some())).Append(
            ml.Transforms.Text.TokenizeHf("Text", model: model.Folder).Fit(ml.Data.LoadFromEnumerable(Review.Some()))).Transform(ml.Data.LoadFromEnumerable(StallingRows()));
        var estimator = ml.HfTrainer.SequenceClassification(Classifiers.Options(o => o.Arguments.CancellationToken = _cancellation.Token));
        var fit = Task.Factory.StartNew(() => estimator.Fit(tokenized), TaskCreationOptions.LongRunning);
        _stalled.Wait();
        if (byContext)
            typeof(MLContext).GetMethod("CancelExecution", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.Invoke(ml, null);
        else
            _cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => fit.GetAwaiter().GetResult());
        _gate.Set();
        Assert.IsTrue(_left.Wait(Hang), "the source is left once it answers");
    }

    private void AssertCanceled(Action<Trainer> run, Dataset training, int workers)
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { MaxSteps = 100, PerDeviceTrainBatchSize = 2, PerDeviceEvalBatchSize = 2, DataloaderNumWorkers = workers, CancellationToken = _cancellation.Token };
        using var trainer = new Trainer(model, args, training, dataCollator: TinyBert.Collator);
        var running = Task.Factory.StartNew(() => run(trainer), TaskCreationOptions.LongRunning);
        _stalled.Wait();
        _cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => running.GetAwaiter().GetResult());
        Assert.IsFalse(_gate.IsSet);
    }

    private IEnumerable<Example> Stalling()
    {
        try
        {
            foreach (var example in TinyBert.Data(Given))
                yield return example;
            _stalled.Set();
            _gate.Wait();
        }
        finally
        {
            _left.Set();
        }
    }

    private async IAsyncEnumerable<Example> Endless(TaskCompletionSource told, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var example in TinyBert.Data(Given))
            yield return example;
        using var registration = cancellation.Register(told.SetResult);
        _stalled.Set();
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    // ML.NET reads rows ahead in blocks of its own.
    private IEnumerable<Review> StallingRows()
    {
        try
        {
            foreach (var row in Enumerable.Repeat(Review.Some(), 3).SelectMany(rows => rows))
                yield return row;
            _stalled.Set();
            _gate.Wait();
        }
        finally
        {
            _left.Set();
        }
    }

    private sealed class StallingDataset(StalledSourceTests test) : Dataset
    {
        public override int Count => 2 * Given;

        public override Example this[int index]
        {
            get
            {
                if (index == Given)
                {
                    test._stalled.Set();
                    test._gate.Wait();
                }
                return TinyBert.Data(Given)[index % Given];
            }
        }
    }
}
