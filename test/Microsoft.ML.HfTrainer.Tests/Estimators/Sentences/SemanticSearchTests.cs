namespace Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;

[TestClass]
public sealed class SemanticSearchTests
{
    [TestMethod]
    public void TheNearestComeFirst()
    {
        float[][] embeddings = [[0, 1], [1, 0], [1, 1], [-1, 0], [2, 0]];
        var hits = SemanticSearch.TopK(embeddings, [3f, 0.1f], 3);
        CollectionAssert.AreEqual(new[] { 1, 4, 2 }, hits.Select(hit => hit.Index).ToArray(), "equal ones in their order");
        Assert.AreEqual(hits[0].Score, hits[1].Score, 1e-7);
        Assert.HasCount(5, SemanticSearch.TopK(embeddings, [1f, 0], 9));
        Assert.IsEmpty(SemanticSearch.TopK([], [1f, 0]));
    }

    [TestMethod]
    public void ItFindsWhatSortingFinds()
    {
        var random = new Random(4);
        float[][] embeddings = [.. Enumerable.Range(0, 300).Select(_ => Draw())];
        var query = Draw();
        var expected = embeddings.Select((vector, i) => (i, Cosine: Cosine(vector, query))).OrderByDescending(pair => pair.Cosine).Take(20).ToList();
        foreach (var ((index, cosine), hit) in expected.Zip(SemanticSearch.TopK(embeddings, query, 20)))
        {
            Assert.AreEqual(index, hit.Index);
            Assert.AreEqual(cosine, hit.Score, 1e-5);
        }

        float[] Draw() => [.. Enumerable.Range(0, 37).Select(_ => (float)random.NextDouble() - 0.5f)];
    }

    [TestMethod]
    public void VectorsOfTwoModelsAreRefused()
    {
        Assert.Contains("Embedding 1 has 3 numbers, and the query 2", Assert.ThrowsExactly<ArgumentException>(() => SemanticSearch.TopK([[1, 2], [1, 2, 3]], [1f, 0])).Message);
        Assert.Contains("Embedding 1 is null", Assert.ThrowsExactly<ArgumentException>(() => SemanticSearch.TopK([[1, 2], null!], [1f, 0])).Message);
        Assert.ThrowsExactly<ArgumentException>(() => SemanticSearch.Cosine([1f], [1f, 2]));
        Assert.AreEqual(0, SemanticSearch.Cosine([0f, 0], [1f, 2]));
    }

    [TestMethod]
    [DataRow(1e30f, 1e30f)]
    [DataRow(1e-30f, 1e-30f)]
    [DataRow(1e-30f, 1e30f)]
    public void NumbersWhoseSquaresOverflowHaveACosineToo(float one, float other)
    {
        Assert.AreEqual(1, SemanticSearch.Cosine([one, 0], [other, 0]), 1e-6);
        Assert.AreEqual(0.6, SemanticSearch.Cosine([one, 0], [3 * other, 4 * other]), 1e-6);
    }

    private static double Cosine(float[] one, float[] other) =>
        one.Zip(other).Sum(pair => (double)pair.First * pair.Second) / Math.Sqrt(one.Sum(x => (double)x * x) * other.Sum(x => (double)x * x));
}
