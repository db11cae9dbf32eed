using System.Text.Json;
using Microsoft.ML.HfTrainer.Data.Sampling;
using Microsoft.ML.HfTrainer.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Data.Sampling;

[TestClass]
public sealed class SamplerTests
{
    private static readonly int[] _lengths = [.. Enumerable.Range(0, 203).Select(i => 1 + i * 37 % 101)];

    private static Dictionary<string, Sampler> Samplers => new()
    {
        ["sequential"] = new SequentialSampler(203),
        ["random"] = new RandomSampler(203, seed: 7),
        ["grouped"] = new LengthGroupedSampler(_lengths, window: 6, seed: 7),
        ["rebalanced"] = new BatchRebalanceSampler(_lengths, examplesPerUpdate: 12, accumulationSteps: 3),
    };

    public static IEnumerable<object[]> Cases =>
        from name in Samplers.Keys
        from epoch in new[] { 0, 1, 5 }
        from size in new[] { 1, 4, 203, 500 }
        from dropLast in new[] { false, true }
        select new object[] { name, epoch, size, dropLast };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void AnOrderIsAPermutationAndBatchesAreItsBeginning(string name, int epoch, int size, bool dropLast)
    {
        var sampler = Samplers[name];
        var order = sampler.Order(epoch);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 203).ToList(), order.ToList());
        CollectionAssert.AreEqual(order.ToList(), Samplers[name].Order(epoch).ToList(), "one seed gives one order");

        var batches = sampler.Batches(epoch, size, dropLast).ToList();
        Assert.HasCount(sampler.CountBatches(size, dropLast), batches);
        var taken = batches.SelectMany(b => b).ToList();
        CollectionAssert.AllItemsAreUnique(taken);
        CollectionAssert.IsSubsetOf(taken, order.Take(name == "rebalanced" ? order.Count / 12 * 12 + (dropLast ? 0 : 12) : order.Count).ToList());
        if (!dropLast)
            Assert.HasCount(203, taken);
    }

    [TestMethod]
    public void EpochsOfARandomOrderDifferAndTheSeedCountsThemOn()
    {
        var sampler = new RandomSampler(100, seed: 7);
        CollectionAssert.AreNotEqual(sampler.Order(0).ToList(), sampler.Order(1).ToList());
        CollectionAssert.AreEqual(sampler.Order(1).ToList(), new RandomSampler(100, seed: 8).Order(0).ToList());
    }

    [TestMethod]
    public void ASequentialOrderIsThatOfTheDataset() => CollectionAssert.AreEqual(new[] { 0, 1, 2 }, new SequentialSampler(3).Order(5).ToList());

    [TestMethod]
    public void RunsOfAGroupedOrderFallInLengthAndTheLongestComesFirst()
    {
        var order = new LengthGroupedSampler(_lengths, window: 5, seed: 3).Order(0);
        Assert.AreEqual(_lengths.Max(), _lengths[order[0]]);
        // 203 / (4 * 5) windows of 5 make a run; the longest example was swapped into the first place, so first places are left out.
        foreach (var run in order.Chunk(50))
            CollectionAssert.AreEqual(run.Skip(1).OrderByDescending(i => _lengths[i]).Select(i => _lengths[i]).ToList(), run.Skip(1).Select(i => _lengths[i]).ToList());
    }

    [TestMethod]
    public void AGroupedOrderWithoutASeedComesFromTheGlobalGenerator()
    {
        var sampler = new LengthGroupedSampler(_lengths, window: 5);
        using var state = get_rng_state();
        var first = sampler.Order(0).ToList();
        CollectionAssert.AreNotEqual(first, sampler.Order(0).ToList());
        set_rng_state(state);
        CollectionAssert.AreEqual(first, sampler.Order(0).ToList());
    }

    [TestMethod]
    public void ShortLongAndEqualExamplesAreGrouped()
    {
        Assert.IsEmpty(new LengthGroupedSampler([], window: 5, seed: 1).Order(0));
        CollectionAssert.AreEquivalent(new[] { 0, 1 }, new LengthGroupedSampler([4, 4], window: 5, seed: 1).Order(0).ToList());
    }

    [TestMethod]
    public void MicroBatchesOfAnUpdateCostAboutTheSame()
    {
        int[] lengths = [100, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10];
        var batches = new BatchRebalanceSampler(lengths, examplesPerUpdate: 12, accumulationSteps: 2).Batches(0, 6, dropLast: false).ToList();
        Assert.HasCount(2, batches);
        CollectionAssert.AreEquivalent(new[] { 1, 11 }, batches.Select(b => b.Count).ToList(), "the long example stands alone");
        Assert.AreEqual(0, batches.Single(b => b.Count == 1)[0]);
    }

    [TestMethod]
    public void MicroBatchesAreThoseOfTheOriginal()
    {
        using var cases = GoldenFolder.ReadJson(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "samplers", "batch_rebalance.json"));
        Assert.AreEqual(30, cases.RootElement.GetArrayLength());
        foreach (var golden in cases.RootElement.EnumerateArray())
        {
            int Number(string name) => golden.GetProperty(name).GetInt32();
            var sampler = new BatchRebalanceSampler(
                Integers(golden.GetProperty("lengths")), Number("update"), Number("steps"), processes: Number("processes"), rank: Number("rank"));
            var batches = sampler.Batches(Number("epoch"), 0, golden.GetProperty("drop").GetBoolean()).Select(b => string.Join(' ', b)).ToList();
            CollectionAssert.AreEqual(golden.GetProperty("batches").EnumerateArray().Select(b => string.Join(' ', Integers(b))).ToList(), batches);
        }
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    [DataRow(4, 2)]
    public void ProcessesShareEveryUpdateWithoutOverlap(int processes, int steps)
    {
        var perUpdate = 3 * processes * steps;
        var shares = Enumerable.Range(0, processes)
            .Select(rank => new BatchRebalanceSampler(_lengths, perUpdate, steps, processes: processes, rank: rank).Batches(1, 3, dropLast: true).ToList()).ToList();
        var all = shares.SelectMany(s => s).SelectMany(b => b).ToList();
        CollectionAssert.AllItemsAreUnique(all);
        Assert.HasCount(203 / perUpdate * perUpdate, all);
        foreach (var share in shares)
            Assert.HasCount(203 / perUpdate * steps, share);
    }

    [TestMethod]
    public void ALastUpdateThatIsTooSmallIsFilledUp()
    {
        var batches = new BatchRebalanceSampler([5, 6, 7, 8, 9], examplesPerUpdate: 4, accumulationSteps: 4).Batches(0, 1, dropLast: false).ToList();
        Assert.HasCount(8, batches);
        Assert.IsTrue(batches.All(b => b.Count == 1));
    }

    [TestMethod]
    public void LengthsComeFromTheirFeatureElseFromTheTokens()
    {
        var tokens = Dataset.From([new Example { ["input_ids"] = new[] { 1, 2, 3 } }, new Example { ["input_ids"] = new[] { 1 } }]);
        CollectionAssert.AreEqual(new[] { 3, 1 }, ExampleLengths.Of(tokens, "length"));
        var given = Dataset.From([new Example { ["input_ids"] = new[] { 1, 2, 3 }, ["length"] = 9 }]);
        CollectionAssert.AreEqual(new[] { 9 }, ExampleLengths.Of(given, "length"));
        var neither = Dataset.From([new Example { ["pixels"] = 1f }]);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => ExampleLengths.Of(neither, "length")).Message;
        StringAssert.Contains(message, "Example 0");
        StringAssert.Contains(message, "pixels");
    }

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(i => i.GetInt32())];
}
