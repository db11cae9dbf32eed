using Microsoft.ML.HfTrainer.Metrics.Retrieval;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Retrieval;

[TestClass]
public sealed class RetrievalRanksTests
{
    [TestMethod]
    public void RanksBecomeTheMeasuresOfTheFirstTen()
    {
        var found = RetrievalRanks.Measures([1, 2, 4, 10, 11, long.MaxValue], "cosine_");
        var expected = new Dictionary<string, double>
        {
            ["cosine_accuracy@1"] = 1 / 6d,
            ["cosine_accuracy@3"] = 2 / 6d,
            ["cosine_accuracy@5"] = 3 / 6d,
            ["cosine_accuracy@10"] = 4 / 6d,
            ["cosine_mrr@10"] = (1 + 0.5 + 0.25 + 0.1) / 6,
            ["cosine_ndcg@10"] = (1 + (1 / Math.Log2(3)) + (1 / Math.Log2(5)) + (1 / Math.Log2(11))) / 6,
        };
        CollectionAssert.AreEquivalent(expected.Keys, found.Keys);
        foreach (var (name, value) in expected)
            Assert.AreEqual(value, found[name], 1e-12, name);
    }
}
