namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public class SamplerTests
{
    [TestMethod]
    public void A_random_order_is_a_permutation_of_its_own_in_each_epoch()
    {
        var sampler = new RandomSampler(100, seed: 7);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToList(), sampler.Order(0).ToList());
        CollectionAssert.AreNotEqual(sampler.Order(0).ToList(), sampler.Order(1).ToList());
        CollectionAssert.AreEqual(sampler.Order(1).ToList(), new RandomSampler(100, seed: 8).Order(0).ToList());
    }

    [TestMethod]
    public void A_sequential_order_is_that_of_the_dataset() => CollectionAssert.AreEqual(new[] { 0, 1, 2 }, new SequentialSampler(3).Order(5).ToList());

    [TestMethod]
    [DataRow(7, 3, false, 3)]
    [DataRow(7, 3, true, 2)]
    [DataRow(2, 3, true, 0)]
    public void A_short_last_batch_is_kept_or_left_out(int examples, int size, bool dropLast, int batches)
    {
        var data = Dataset.From(Enumerable.Range(0, examples).Select(i => new Example { ["x"] = i }));
        var loader = new DataLoader(data, new SequentialSampler(examples), new DefaultDataCollator(), size, dropLast);
        Assert.AreEqual(batches, loader.Count);
        var made = loader.Epoch(0).ToList();
        Assert.HasCount(batches, made);
        made.ForEach(b => b.Dispose());
    }
}
