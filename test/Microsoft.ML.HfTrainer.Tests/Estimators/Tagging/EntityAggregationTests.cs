using Microsoft.ML.HfTrainer.Estimators.Tagging;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tagging;

[TestClass]
public sealed class EntityAggregationTests
{
    private static readonly string[] _tags = ["O", "B-PER", "I-PER", "B-LOC"];

    // "Ann Lee in Ghent": the second word has two tokens whose tags differ, and the last one is not sure.
    private static readonly EntityAggregation.Token[] _tokens =
    [
        new(0, 0, 3, [0.1f, 0.8f, 0.1f, 0]), new(1, 4, 5, [0.2f, 0.1f, 0.6f, 0.1f]), new(1, 5, 7, [0.7f, 0, 0.1f, 0.2f]), new(2, 8, 10, [0.9f, 0.1f, 0, 0]),
        new(3, 11, 14, [0.4f, 0, 0.1f, 0.5f]), new(3, 14, 16, [0.6f, 0.1f, 0.3f, 0]),
    ];

    [TestMethod]
    [DataRow(AggregationStrategy.None, "B-PER 0-3 0.80, I-PER 4-5 0.60, B-LOC 11-14 0.50")]
    [DataRow(AggregationStrategy.Simple, "PER 0-5 0.70, LOC 11-14 0.50")]
    [DataRow(AggregationStrategy.First, "PER 0-7 0.70, LOC 11-16 0.50")]
    [DataRow(AggregationStrategy.Average, "PER 0-3 0.80")]
    [DataRow(AggregationStrategy.Max, "PER 0-3 0.80")]
    public void TokensBecomeEntities(AggregationStrategy strategy, string entities) =>
        Assert.AreEqual(entities, Describe(new EntityAggregation(strategy, _tags).Aggregate(_tokens, 4)));

    [TestMethod]
    [DataRow(AggregationStrategy.None, "1 0.80, 2 0.60, 0 0.90, 3 0.50")]
    [DataRow(AggregationStrategy.First, "1 0.80, 2 0.60, 0 0.90, 3 0.50")]
    [DataRow(AggregationStrategy.Average, "1 0.80, 0 0.45, 0 0.90, 0 0.50")]
    [DataRow(AggregationStrategy.Max, "1 0.80, 0 0.70, 0 0.90, 0 0.60")]
    public void TokensBecomeWords(AggregationStrategy strategy, string words) => Assert.AreEqual(
        words, string.Join(", ", new EntityAggregation(strategy, _tags).Aggregate(_tokens, 4).Words.Select(word => FormattableString.Invariant($"{word.Tag} {word.Score:F2}"))));

    [TestMethod]
    public void ABeginningEndsTheEntityBeforeIt()
    {
        EntityAggregation.Token Word(int word, int tag) => new(word, word, word + 1, [.. Enumerable.Range(0, 4).Select(i => i == tag ? 1f : 0)]);
        var text = new EntityAggregation(AggregationStrategy.First, _tags).Aggregate([Word(0, 1), Word(1, 1), Word(2, 2), Word(3, 3), Word(4, 2)], 5);
        Assert.AreEqual("PER 0-1 1.00, PER 1-3 1.00, LOC 3-4 1.00, PER 4-5 1.00", Describe(text));
    }

    [TestMethod]
    public void AWordWithoutTokensHasNoTag()
    {
        var text = new EntityAggregation(AggregationStrategy.First, _tags).Aggregate([new(1, 0, 1, [0, 1, 0, 0])], 3);
        CollectionAssert.AreEqual(new[] { -1, 1, -1 }, Array.ConvertAll(text.Words, word => word.Tag));
    }

    // As after training that diverged.
    [TestMethod]
    [DataRow(AggregationStrategy.None)]
    [DataRow(AggregationStrategy.Simple)]
    [DataRow(AggregationStrategy.First)]
    [DataRow(AggregationStrategy.Average)]
    [DataRow(AggregationStrategy.Max)]
    public void ScoresThatAreNoNumbersGiveNoTag(AggregationStrategy strategy)
    {
        float[] none = [float.NaN, float.NaN, float.NaN, float.NaN];
        var text = new EntityAggregation(strategy, _tags).Aggregate([new(0, 0, 3, none), new(0, 3, 4, none), new(1, 5, 6, none)], 2);
        Assert.AreEqual("", Describe(text));
        CollectionAssert.AreEqual(new[] { -1, -1 }, Array.ConvertAll(text.Words, word => word.Tag));
    }

    private static string Describe(TaggedText text) =>
        string.Join(", ", text.Entities.Select(entity => FormattableString.Invariant($"{entity.Label} {entity.Start}-{entity.End} {entity.Score:F2}")));
}
