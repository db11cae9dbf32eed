using Microsoft.ML.HfTrainer.Tests.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public sealed class DatasetTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void MapIsComputedOnceInBatchesAndMayChangeTheNumberOfExamples(int workers)
    {
        var calls = new System.Collections.Concurrent.ConcurrentBag<int>();
        using var mapped = Numbers(2500).Map(
            batch =>
            {
                calls.Add(batch.Count);
                return batch.Where(e => e.GetInteger("x") % 2 == 0).SelectMany(e => new[] { e, new Example { ["x"] = -e.GetInteger("x") } });
            },
            batchSize: 1000, workers);
        CollectionAssert.AreEquivalent(new[] { 1000, 1000, 500 }, calls.ToList());
        CollectionAssert.AreEqual(Enumerable.Range(0, 1250).SelectMany(i => new[] { 2 * i, -2 * i }).ToList(), Values(mapped));
        CollectionAssert.AreEqual(Values(mapped), Values(mapped));
        Assert.HasCount(3, calls);
    }

    [TestMethod]
    public void MapTokenises()
    {
        var tokenizer = TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }""");
        var texts = Dataset.From([new Example { ["text"] = "the sea", ["label"] = 1 }, new Example { ["text"] = "run", ["label"] = 0 }]);
        using var tokens = texts.Map(batch => batch.Select(e => new Example(tokenizer.Encode(e.GetText("text"))) { ["labels"] = e["label"] }));
        CollectionAssert.AreEqual(new[] { 2, 5, 6, 3 }, tokens[0]["input_ids"].Integers.ToArray());
        Assert.AreEqual(0, tokens[1].GetInteger("labels"));
        CollectionAssert.AreEqual(new[] { "input_ids", "token_type_ids", "attention_mask", "labels" }, tokens[1].Keys);
    }

    [TestMethod]
    public void MapsMemoryDoesNotGrowWithTheData()
    {
        static IEnumerable<Example> Rows()
        {
            for (var i = 0; i < 40_000; i++)
                yield return new Example { ["input_ids"] = Enumerable.Range(i, 250).ToArray() };
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var mapped = IterableDataset.From(Rows).Map(batch => batch).Cache(memoryBudget: 2 << 20);
        Assert.IsLessThan(8L << 20, GC.GetTotalMemory(forceFullCollection: true) - before, "memory for 40 MB of tokens");
        Assert.HasCount(40_000, mapped);
        Assert.AreEqual(39_999 + 249, mapped[39_999]["input_ids"].Integers.Span[249]);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void AMapThatFailsNamesItsExamples(int workers)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Numbers(30).Map(batch => batch.Select(e => new Example { ["y"] = e.GetText("text") }), batchSize: 10, workers)).Message;
        StringAssert.Contains(message, "0 to 9");
        StringAssert.Contains(message, "'text'");
        StringAssert.Contains(message, "its features are x");
    }

    [TestMethod]
    public void PartsAndOrders()
    {
        var numbers = Numbers(20);
        CollectionAssert.AreEqual(new[] { 3, 3, 19 }, Values(numbers.Select([3, 3, 19])));
        CollectionAssert.AreEqual(new[] { 0, 7, 14 }, Values(numbers.Filter(e => e.GetInteger("x") % 7 == 0)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => numbers.Select([0, 20])).Message, "no example 20");

        var shuffled = Values(numbers.Shuffle(4));
        CollectionAssert.AreEquivalent(Values(numbers), shuffled);
        CollectionAssert.AreEqual(shuffled, Values(numbers.Shuffle(4)));
        CollectionAssert.AreNotEqual(shuffled, Values(numbers.Shuffle(5)));
    }

    [TestMethod]
    public void ASplitIsWholeAndTheSeedDecidesIt()
    {
        var (train, test) = Numbers(21).Split(0.2, seed: 3);
        Assert.HasCount(16, train);
        Assert.HasCount(5, test);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 21).ToList(), Values(train).Concat(Values(test)).ToList());
        CollectionAssert.AreEqual(Values(test), Values(Numbers(21).Split(0.2, seed: 3).Test));
        CollectionAssert.AreNotEqual(Values(test), Values(Numbers(21).Split(0.2, seed: 4).Test));
        CollectionAssert.AreEqual(new[] { 19, 20 }, Values(Numbers(21).Split(0.05).Test));
        foreach (var share in new[] { 0, 1, -0.5, 1.5, double.NaN })
            Assert.ThrowsExactly<ArgumentException>(() => Numbers(21).Split(share));
    }

    [TestMethod]
    public void AStreamPassesMapShuffleAndTakeAnewInEachEpoch()
    {
        var opened = 0;
        var stream = IterableDataset.From(epoch =>
        {
            opened++;
            return Enumerable.Range(epoch * 1000, 100).Select(i => new Example { ["x"] = i });
        });
        Assert.IsNull(stream.KnownCount);
        Assert.ThrowsExactly<NotSupportedException>(() => stream.Count);
        Assert.ThrowsExactly<NotSupportedException>(() => stream[0]);

        foreach (var workers in new[] { 0, 2 })
        {
            var doubled = stream.Map(batch => batch.Select(e => new Example { ["x"] = 2 * e.GetInteger("x") }), batchSize: 7, workers);
            CollectionAssert.AreEqual(Enumerable.Range(1000, 100).Select(i => 2 * i).ToList(), doubled.Pass(1).Select(e => e.GetInteger("x")).ToList());
        }
        opened = 0;
        var shuffled = stream.Shuffle(bufferSize: 10, seed: 1);
        var (first, second) = (Values(shuffled), shuffled.Pass(1).Select(e => e.GetInteger("x") - 1000).ToList());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToList(), first);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, Values(shuffled));
        Assert.IsTrue(first.Index().All(p => p.Item <= p.Index + 10), "nothing comes before it can have been read");
        Assert.AreEqual(3, opened);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Values(stream.Take(3)));
    }

    [TestMethod]
    public void AnAsynchronousStreamIsADatasetToo()
    {
        static async IAsyncEnumerable<Example> Read()
        {
            for (var i = 0; i < 5; i++)
            {
                await Task.Yield();
                yield return new Example { ["x"] = i };
            }
        }
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, Values(IterableDataset.From(Read)));
    }

    [TestMethod]
    public void TextsMakeNoTensors()
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => new DefaultDataCollator().Collate([new Example { ["review"] = "good" }])).Message;
        StringAssert.Contains(message, "'review'");
        StringAssert.Contains(message, "Map");
    }

    private static Dataset Numbers(int count) => Dataset.From(Enumerable.Range(0, count).Select(i => new Example { ["x"] = i }));

    private static List<int> Values(Dataset dataset) => [.. dataset.AsEnumerable().Select(e => e.GetInteger("x"))];

    [TestMethod]
    public void WhatIsNullIsNamed()
    {
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => (Feature)(string)null!).Message, "A feature cannot be null");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => (Feature)new[] { "a", null! }).Message, "Text 1 of 2 is null");
        var one = new Example { ["x"] = 1 };
        StringAssert.Contains(Assert.Throws<Exception>(() => Dataset.From([one]).Map(_ => null!)).Message, "returned null");
        StringAssert.Contains(Assert.Throws<Exception>(() => Dataset.From([one]).Map(_ => [one, null!])).Message, "Example 1 of what it returned is null");
        var collator = new DefaultDataCollator();
        StringAssert.Contains(Assert.Throws<Exception>(() => new DataLoader(Dataset.From([one, null!]), null, collator, 2).Epoch(0).First()).Message, "The example 1 cannot be read. It is null");
        StringAssert.Contains(Assert.Throws<Exception>(() => new DataLoader(IterableDataset.From(() => [one, null!]), null, collator, 2).Epoch(0).First()).Message, "The example 1 of the stream is null");
    }

    [TestMethod]
    public void NumbersThatAreNoneAreRefusedByName()
    {
        var data = Dataset.From([new Example { ["x"] = 1 }]);
        AssertRefused("batchSize", () => new DataLoader(data, null, new DefaultDataCollator(), 0));
        AssertRefused("WorkerCount", () => new DataLoader(data, null, new DefaultDataCollator(), 1) { WorkerCount = -1 });
        AssertRefused("PrefetchFactor", () => new DataLoader(data, null, new DefaultDataCollator(), 1) { PrefetchFactor = 0 });
        AssertRefused("memoryBudget", () => data.Cache(-1));
        AssertRefused("batchSize", () => data.Map(rows => rows, batchSize: 0));
        AssertRefused("workers", () => data.Map(rows => rows, workers: -1));
        AssertRefused("count", () => IterableDataset.From(() => data).Take(-1));
        AssertRefused("window", () => new LengthGroupedSampler([1, 2], 0));
        AssertRefused("padTokenId", () => new DataCollatorWithPadding(-1));
        AssertRefused("padToMultipleOf", () => new DataCollatorWithPadding(0, padToMultipleOf: 0));

        static void AssertRefused(string name, Func<object> create) => StringAssert.Contains(Assert.Throws<ArgumentException>(() => create()).Message, name);
    }
}
