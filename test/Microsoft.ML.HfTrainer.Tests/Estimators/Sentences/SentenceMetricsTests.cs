using Microsoft.ML.HfTrainer.Estimators.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;

/// <summary>Where a search finds the second text of a pair.</summary>
[TestClass]
public sealed class SentenceMetricsTests
{
    [TestMethod]
    public void TheOwnTextIsSearchedAmongAllSecondTexts()
    {
        // The third query is nearer to the texts of the first and of the second than to its own.
        var found = Search([[1, 0], [0, 1], [1, 1]], [[2, 0], [0, 3], [-1, -1]], [1, 2, 3]);
        Assert.AreEqual((2 / 3d, 1), (found["cosine_accuracy@1"], found["cosine_accuracy@3"]));
        Assert.AreEqual((1 + 1 + (1 / 3d)) / 3, found["cosine_mrr@10"], 1e-9);
    }

    [TestMethod]
    public void ATextThatOccursTwiceIsOneText() =>
        Assert.AreEqual(1, Search([[1, 0], [1, 0.1f], [0, 1]], [[1, 0], [1, 0], [0, 1]], [7, 7, 8])["cosine_accuracy@1"]);

    [TestMethod]
    public void AModelThatTellsNothingApartFindsNoMoreThanChance() =>
        Assert.AreEqual(0.25, Search([[1, 1], [1, 1], [1, 1], [1, 1]], [[1, 1], [1, 1], [1, 1], [1, 1]], [1, 2, 3, 4])["cosine_accuracy@1"]);

    [TestMethod]
    public void EmbeddingsThatAreNoNumbersFindNothing() =>
        Assert.AreEqual(0, Search([[float.NaN, 0], [float.NaN, 0]], [[float.NaN, 0], [float.NaN, 0]], [1, 2])["cosine_accuracy@10"]);

    // More than are compared at once.
    [TestMethod]
    public void ManyRowsAreSearchedInParts()
    {
        float[][] texts = [.. Enumerable.Range(0, 600).Select(i => new[] { MathF.Cos(i * 0.01f), MathF.Sin(i * 0.01f) })];
        Assert.AreEqual(1, Search(texts, texts, [.. Enumerable.Range(0, 600)])["cosine_accuracy@1"]);
        Assert.AreEqual(0, Search(texts, [.. texts.Skip(30), .. texts.Take(30)], [.. Enumerable.Range(0, 600)])["cosine_accuracy@10"]);
    }

    private static IReadOnlyDictionary<string, double> Search(float[][] first, float[][] second, int[] tokens)
    {
        using var scope = NewDisposeScope();
        var vectors = tensor(first.Zip(second).SelectMany(pair => new[] { pair.First, pair.Second }).SelectMany(vector => vector).ToArray()).view(2 * first.Length, -1);
        using var dataset = Dataset.From(tokens.Select((token, i) => new Example { ["input_ids"] = new[] { new[] { i }, [token] } }));
        return SentenceMetrics.Of(new MultipleNegativesRankingLoss(), 2)!(new(vectors, zeros(first.Length)) { Dataset = dataset });
    }
}
