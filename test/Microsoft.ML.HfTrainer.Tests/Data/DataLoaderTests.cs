using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public sealed class DataLoaderTests
{
    [TestMethod]
    [DataRow(7, 3, false, 3)]
    [DataRow(7, 3, true, 2)]
    [DataRow(2, 3, true, 0)]
    [DataRow(0, 3, false, 0)]
    public void AShortLastBatchIsKeptOrLeftOut(int examples, int size, bool dropLast, int batches)
    {
        foreach (var workers in new[] { 0, 2 })
        {
            var loader = new DataLoader(Numbers(examples), new SequentialSampler(examples), new DefaultDataCollator(), size, dropLast) { WorkerCount = workers };
            Assert.AreEqual(batches, loader.Count);
            Assert.HasCount(batches, Take(loader.Epoch(0)));
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    public void SkippingGivesTheTailWithoutReadingWhatIsSkipped(int workers)
    {
        var read = new ReadNumbers(50);
        var loader = new DataLoader(read, new RandomSampler(50, 3), new DefaultDataCollator(), 4) { WorkerCount = workers };
        var whole = Take(loader.Epoch(2));
        read.Indices.Clear();
        var tail = Take(loader.Epoch(2, skipBatches: 9));
        CollectionAssert.AreEqual(whole.Skip(9).ToList(), tail);
        Assert.HasCount(50 - 36, read.Indices);
        Assert.IsEmpty(Take(loader.Epoch(2, skipBatches: 100)));
    }

    [TestMethod]
    public void WorkersGiveTheSameBatchesInTheSameOrder()
    {
        var expected = Take(new DataLoader(Numbers(1000), new RandomSampler(1000, 3), new UnevenCollator(), 7).Epoch(1));
        foreach (var (workers, factor) in new[] { (1, 1), (2, 2), (5, 3) })
            CollectionAssert.AreEqual(expected, Take(new DataLoader(Numbers(1000), new RandomSampler(1000, 3), new UnevenCollator(), 7) { WorkerCount = workers, PrefetchFactor = factor }.Epoch(1)));
    }

    [TestMethod]
    public void RandomCollatorsDrawTheSameNumbersWithWorkers()
    {
        List<string> Draw(int workers)
        {
            using var state = get_rng_state();
            manual_seed(5);
            var drawn = new List<string>();
            foreach (var batch in new DataLoader(Numbers(40), new SequentialSampler(40), new DrawingCollator(), 4) { WorkerCount = workers }.Epoch(0))
            {
                using var scope = NewDisposeScope();
                // What a model draws between two batches, as dropout does.
                drawn.Add(Text(batch) + rand(1).item<float>());
                batch.Dispose();
            }
            set_rng_state(state);
            return drawn;
        }
        CollectionAssert.AreEqual(Draw(0), Draw(3));
    }

    [TestMethod]
    public void APassDrawsOneSeedAndThenTheOrderWhateverIsTakenOfIt()
    {
        long AfterPass(int workers, int skip, int take)
        {
            using var state = get_rng_state();
            manual_seed(5);
            var loader = new DataLoader(Numbers(40), new LengthGroupedSampler([.. Enumerable.Range(0, 40)], 4), new DefaultDataCollator(), 4) { WorkerCount = workers };
            foreach (var batch in loader.Epoch(0, skip).Take(take))
                batch.Dispose();
            using var next = randint(0, int.MaxValue, 1);
            set_rng_state(state);
            return next.item<long>();
        }
        var expected = AfterPass(0, 0, 40);
        Assert.AreEqual(expected, AfterPass(0, 3, 0));
        Assert.AreEqual(expected, AfterPass(2, 0, 2));
        Assert.AreEqual(expected, AfterPass(2, 5, 40));
    }

    [TestMethod]
    public void WhatIsMadeAheadAndNotTakenIsDisposed()
    {
        var tensors = new LiveTensors();
        for (var round = 0; round < 20; round++)
        {
            var loader = new DataLoader(Numbers(100), new SequentialSampler(100), new DefaultDataCollator(), 2) { WorkerCount = 3, PrefetchFactor = 4 };
            foreach (var batch in loader.Epoch(0).Take(round))
                batch.Dispose();
        }
        tensors.AssertUnchanged();
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void AnExampleThatCannotBeReadIsNamedWhenItsBatchIsDue(int workers)
    {
        var loader = new DataLoader(new ReadNumbers(20, bad: 13), new SequentialSampler(20), new DefaultDataCollator(), 4) { WorkerCount = workers };
        var taken = 0;
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            foreach (var batch in loader.Epoch(0))
            {
                batch.Dispose();
                taken++;
            }
        });
        Assert.AreEqual(3, taken);
        StringAssert.Contains(error.Message, "example 13");
        StringAssert.Contains(error.Message, "torn page");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void ABatchThatCannotBeMadeNamesItsExamples(int workers)
    {
        var ragged = Dataset.From(Enumerable.Range(0, 6).Select(i => new Example { ["x"] = new int[i == 3 ? 2 : 1] }));
        var loader = new DataLoader(ragged, new SequentialSampler(6), new DefaultDataCollator(), 2) { WorkerCount = workers };
        var tensors = new LiveTensors();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Take(loader.Epoch(0))).Message, "2, 3");
        tensors.AssertUnchanged();
    }

    [TestMethod]
    public void CancellationEndsTheWaitForABatch()
    {
        using var cancel = new CancellationTokenSource();
        using var blocked = new ManualResetEventSlim();
        var loader = new DataLoader(new ReadNumbers(20, onRead: i => { if (i == 4) { cancel.Cancel(); blocked.Wait(TimeSpan.FromSeconds(2)); } }), new SequentialSampler(20), new DefaultDataCollator(), 4)
        {
            WorkerCount = 1,
        };
        Assert.ThrowsExactly<TaskCanceledException>(() => Take(loader.Epoch(0, cancellation: cancel.Token)));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void AStreamIsCutIntoBatchesAndItsLengthIsNotKnown(int workers)
    {
        var stream = IterableDataset.From(epoch => Enumerable.Range(epoch * 100, 10).Select(i => new Example { ["x"] = i }));
        var loader = new DataLoader(stream, null, new DefaultDataCollator(), 4) { WorkerCount = workers };
        Assert.IsNull(loader.Count);
        CollectionAssert.AreEqual(new[] { "0 1 2 3", "4 5 6 7", "8 9" }, Take(loader.Epoch(0)));
        CollectionAssert.AreEqual(new[] { "104 105 106 107", "108 109" }, Take(loader.Epoch(1, skipBatches: 1)));
        var dropping = new DataLoader(stream, null, new DefaultDataCollator(), 4, dropLast: true) { WorkerCount = workers };
        CollectionAssert.AreEqual(new[] { "0 1 2 3", "4 5 6 7" }, Take(dropping.Epoch(0)));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void AStreamThatBreaksNamesTheExample(int workers)
    {
        static IEnumerable<Example> Broken()
        {
            for (var i = 0; i < 5; i++)
                yield return new Example { ["x"] = i };
            throw new IOException("the line was cut");
        }
        var loader = new DataLoader(IterableDataset.From(Broken), null, new DefaultDataCollator(), 2) { WorkerCount = workers };
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Take(loader.Epoch(0))).Message;
        StringAssert.Contains(message, "example 5 of the stream");
        StringAssert.Contains(message, "the line was cut");
    }

    [TestMethod]
    [DataRow(1 << 30)]
    [DataRow(int.MaxValue)]
    [DataRow(long.MaxValue / 8)]
    public void MoreExamplesCanBeSkippedThanAnIntegerCounts(long skipped)
    {
        var stream = IterableDataset.From(() => Numbers(10));
        Assert.IsEmpty(Take(new DataLoader(stream, null, new DefaultDataCollator(), 4).Epoch(0, skipped)));
        Assert.IsEmpty(Take(new DataLoader(Numbers(10), null, new DefaultDataCollator(), 4).Epoch(0, skipped)));
    }

    [TestMethod]
    public void ABatchMayBeLargerThanAnyDataset()
    {
        foreach (var sampler in new Sampler[] { new SequentialSampler(5), new LengthGroupedSampler([1, 2, 3, 4, 5], int.MaxValue) })
        {
            var loader = new DataLoader(Numbers(5), sampler, new DefaultDataCollator(), int.MaxValue);
            Assert.AreEqual(1, loader.Count, sampler.GetType().Name);
            Assert.HasCount(1, Take(loader.Epoch(0)));
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void SmallerBatchesDropTheExamplesThatLargerOnesDrop(bool ofStream)
    {
        var loader = new DataLoader(ofStream ? IterableDataset.From(() => Numbers(20)) : Numbers(20), null, new DefaultDataCollator(), 4, dropLast: true) { DropUnit = 6 };
        CollectionAssert.AreEqual(new[] { "0 1 2 3", "4 5 6 7", "8 9 10 11", "12 13 14 15", "16 17" }, Take(loader.Epoch(0)));
        CollectionAssert.AreEqual(new[] { "12 13 14 15", "16 17" }, Take(loader.Epoch(0, skipBatches: 3)));
        Assert.AreEqual(ofStream ? null : 5, loader.Count);
    }

    private static Dataset Numbers(int count) => Dataset.From(Enumerable.Range(0, count).Select(i => new Example { ["x"] = i }));

    private static List<string> Take(IEnumerable<Batch> batches)
    {
        var taken = new List<string>();
        foreach (var batch in batches)
        {
            taken.Add(Text(batch));
            batch.Dispose();
        }
        return taken;
    }

    private static string Text(Batch batch) => string.Join(' ', batch["x"].data<long>().ToArray());

    // Notes which examples are read.
    private sealed class ReadNumbers(int count, int bad = -1, Action<int>? onRead = null) : Dataset
    {
        public System.Collections.Concurrent.ConcurrentBag<int> Indices { get; } = [];

        public override int Count => count;

        public override Example this[int index]
        {
            get
            {
                Indices.Add(index);
                onRead?.Invoke(index);
                return index == bad ? throw new IOException("torn page") : new Example { ["x"] = index };
            }
        }
    }

    // Some batches take longer than those after them.
    private sealed class UnevenCollator : IDataCollator
    {
        private readonly DefaultDataCollator _collator = new();

        public Batch Collate(IReadOnlyList<Example> examples)
        {
            Thread.SpinWait(examples[0]["x"].Integers.Span[0] % 5 * 20_000);
            return _collator.Collate(examples);
        }
    }

    private sealed class DrawingCollator : IDataCollator
    {
        public bool DrawsRandomNumbers => true;

        public Batch Collate(IReadOnlyList<Example> examples) => new() { ["x"] = randint(0, 1000, examples.Count).DetachFromDisposeScope() };
    }
}
