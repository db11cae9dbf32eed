using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Tests.Data.Storage;

[TestClass]
public sealed class WordStoreTests
{
    private const int Chunk = WordStore.ChunkSize;

    [TestMethod]
    public void TenMillionWordsPastTheBudgetAreReadBackFromDisk()
    {
        const int count = 10_000_000;
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var budget = new MemoryBudget(4 << 20);
        using var store = new WordStore(budget);
        var run = new int[1000];
        for (var start = 0; start < count; start += run.Length)
        {
            for (var i = 0; i < run.Length; i++)
                run[i] = Word(start + i);
            store.Append(run);
        }
        store.Complete();
        // Four chunks are in memory and one is open.
        Assert.IsLessThan(8L << 20, GC.GetTotalMemory(forceFullCollection: true) - before, "memory for 40 MB of words");
        Assert.AreEqual(count, store.Length);

        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var length = random.Next(300);
            var start = random.Next(count - length);
            var words = store.Read(start, length).Span;
            for (var i = 0; i < length; i++)
                if (words[i] != Word(start + i))
                    Assert.Fail($"word {start + i} is {words[i]}");
        }
        var all = store.Read(0, count).Span;
        for (var i = 0; i < count; i++)
            if (all[i] != Word(i))
                Assert.Fail($"word {i} is {all[i]}");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(Chunk - 1)]
    [DataRow(Chunk)]
    [DataRow(Chunk + 1)]
    [DataRow(3 * Chunk)]
    [DataRow(3 * Chunk + 7)]
    public void AnyLengthFitsMemoryAndDisk(int count)
    {
        int[] words = [.. Enumerable.Range(0, count)];
        foreach (var budget in new[] { 0L, 4L * Chunk, 1L << 30 })
        {
            using var store = new WordStore(new MemoryBudget(budget));
            foreach (var part in words.Chunk(70_001))
                store.Append(part);
            store.Complete();
            Assert.AreEqual(count, store.Length);
            CollectionAssert.AreEqual(words, store.Read(0, count).ToArray());
            Assert.AreEqual(budget < 4L * (count / Chunk) * Chunk, store.File is not null);
        }
    }

    [TestMethod]
    public void MemoryIsReadWithoutACopyAndThreadsReadAtTheSameTime()
    {
        using var store = new WordStore(new MemoryBudget(4L * Chunk));
        for (var i = 0; i < 3 * Chunk; i += 64)
            store.Append([.. Enumerable.Range(i, 64)]);
        store.Complete();
        Assert.IsTrue(store.Read(5, 10).Span.Overlaps(store.Read(0, 100).Span));
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (var round = 0; round < 2000; round++)
                Assert.AreEqual(random.Next(3 * Chunk) is var place ? place : 0, store.Read(place, 1).Span[0]);
        });
    }

    [TestMethod]
    public void TheFileIsGoneAfterwardsAndReadingItIsAnError()
    {
        var store = new WordStore(new MemoryBudget(0));
        store.Append(new int[Chunk]);
        store.Complete();
        var path = store.File!.Path;
        // Elsewhere it has a name while it is open.
        if (!OperatingSystem.IsWindows())
            Assert.IsFalse(File.Exists(path));
        store.Dispose();
        Assert.IsFalse(File.Exists(path));
        Assert.ThrowsExactly<ObjectDisposedException>(() => store.Read(0, 1));
    }

    [TestMethod]
    public void WhereTheFileCannotBeMadeTheErrorSaysWhatToDo()
    {
        var variable = SpillFile.FolderVariable;
        var (before, missing) = (Environment.GetEnvironmentVariable(variable), Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));
        using var store = new WordStore(new MemoryBudget(1000));
        try
        {
            Environment.SetEnvironmentVariable(variable, missing);
            var message = Assert.ThrowsExactly<IOException>(() => store.Append(new int[Chunk])).Message;
            foreach (var part in new[] { "1,000 bytes", missing, variable, "budget" })
                StringAssert.Contains(message, part);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    private static int Word(int index) => unchecked(index * 2654435761u >> 3) is var mixed ? (int)mixed : 0;
}
