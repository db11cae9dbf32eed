using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Tests.Data.Storage;

[TestClass]
public sealed class ExampleStoreTests
{
    private static readonly Dictionary<string, Feature> _forms = new()
    {
        ["number"] = 7,
        ["real"] = 0.25f,
        ["list"] = new[] { 3, -1, int.MaxValue },
        ["ones"] = new[] { 1, 1, 1, 1, 1, 1 },
        ["minus"] = new[] { -100, -100, -100, -100 },
        ["sevens"] = new[] { 7, 7, 7, 7, 7 },
        ["empty"] = Array.Empty<int>(),
        ["reals"] = new[] { float.NaN, -0f, 1e-38f },
        ["no reals"] = Array.Empty<float>(),
        ["image"] = new Feature(Enumerable.Range(0, 24).Select(i => i / 2f).ToArray(), 2, 3, 4),
        ["table"] = new Feature(new[] { 1, 2, 3, 4, 5, 6 }, 3, 2),
        ["rows"] = new[] { new[] { 1, 2, 3 }, [], [4] },
        ["text"] = "Grüße, 世界 \ud83d\ude00",
        ["no text"] = "",
        ["texts"] = new[] { "a", "", "bcd" },
        ["no texts"] = Array.Empty<string>(),
    };

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void EveryFormOfFeatureComesBack(long memory)
    {
        // Enough to pass from chunk to chunk anywhere within an example.
        var examples = Enumerable.Range(0, 8000).Select(i => new Example(_forms.Where((_, at) => i % 3 == 0 || at != i % _forms.Count)) { ["index"] = i, ["long"] = Enumerable.Range(i, i % 101).ToArray() });
        using var store = ExampleStore.Of(examples, new MemoryBudget(memory));
        Assert.HasCount(8000, store);
        Assert.AreEqual(memory == 0, store.Parts.Words.File is not null);
        foreach (var (expected, found) in examples.Zip(store))
        {
            CollectionAssert.AreEqual(expected.Keys.ToList(), found.Keys.ToList());
            foreach (var (name, feature) in expected)
                AssertSame(feature, found[name], name);
        }
        AssertSame(5, store[5]["index"], "at random");
    }

    [TestMethod]
    public void ListsOfOneNumberTakeNoRoomAndShareTheirArray()
    {
        var mask = new Example { ["attention_mask"] = Enumerable.Repeat(1, 500).ToArray() };
        using var store = ExampleStore.Of(Enumerable.Repeat(mask, 1000), new MemoryBudget(1L << 30));
        Assert.IsLessThan(10_000L, store.Parts.Words.Length);
        Assert.IsTrue(store[0]["attention_mask"].Integers.Span.Overlaps(store[999]["attention_mask"].Integers.Span));
    }

    [TestMethod]
    public void IndicesOutsideAreRefusedAndAFailureLeavesNoFile()
    {
        using var store = ExampleStore.Of([new Example { ["x"] = 1 }], new MemoryBudget(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => store[-1]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => store[1]);

        static IEnumerable<Example> Failing()
        {
            yield return new Example { ["x"] = new int[2 * WordStore.ChunkSize].Select((_, i) => i).ToArray() };
            throw new IOException("no more");
        }
        var before = Directory.GetFiles(Path.GetTempPath(), "hftrainer-*.data");
        Assert.ThrowsExactly<IOException>(() => ExampleStore.Of(Failing(), new MemoryBudget(0)));
        Assert.IsEmpty(Directory.GetFiles(Path.GetTempPath(), "hftrainer-*.data").Except(before));
    }

    private static void AssertSame(Feature expected, Feature found, string name)
    {
        Assert.AreEqual(expected.Describe(), found.Describe(), name);
        CollectionAssert.AreEqual(expected.Shape.ToList(), found.Shape.ToList(), name);
        CollectionAssert.AreEqual(expected.Integers.ToArray(), found.Integers.ToArray(), name);
        CollectionAssert.AreEqual(Bits(expected), Bits(found), name);
        CollectionAssert.AreEqual(expected.Texts.ToList(), found.Texts.ToList(), name);
        Assert.AreEqual((expected.IsInteger, expected.IsScalar, expected.IsText, expected.IsRagged), (found.IsInteger, found.IsScalar, found.IsText, found.IsRagged), name);
    }

    private static int[] Bits(Feature feature) => Array.ConvertAll(feature.Reals.ToArray(), BitConverter.SingleToInt32Bits);
}
