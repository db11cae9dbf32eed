using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public sealed class UsedFeaturesTests
{
    [TestMethod]
    public void WhatTheModelDoesNotTakeIsLeftOut()
    {
        using var batch = new UsedFeatures(new DefaultDataCollator(), new HashSet<string> { "x", "label" }).Collate([Row("a"), Row("bc")]);
        CollectionAssert.AreEquivalent(new[] { "x", Batch.Labels }, batch.Keys);
    }

    [TestMethod]
    public void ExamplesWithNothingElsePassAsTheyAre()
    {
        var seen = new Watching();
        var example = new Example { ["x"] = 1 };
        using var batch = new UsedFeatures(seen, new HashSet<string> { "x", "y" }).Collate([example]);
        Assert.AreSame(example, seen.Examples![0]);
    }

    [TestMethod]
    public void ExamplesOfWhichNothingIsTakenAreAnError()
    {
        var collator = new UsedFeatures(new DefaultDataCollator(), new HashSet<string> { "input_ids" });
        var message = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([Row("a")])).Message;
        foreach (var part in new[] { "x, text, length, label", "input_ids", "RemoveUnusedColumns" })
            StringAssert.Contains(message, part);
    }

    [TestMethod]
    public void AModelNamesWhatItTakes() =>
        CollectionAssert.AreEquivalent(new[] { "input_ids", "attention_mask", "token_type_ids", "labels" }, TinyBert.Model().InputNames.ToList());

    private static Example Row(string text) => new() { ["x"] = 1, ["text"] = text, ["length"] = text.Length, ["label"] = 0 };

    private sealed class Watching : IDataCollator
    {
        public IReadOnlyList<Example>? Examples { get; private set; }

        public Batch Collate(IReadOnlyList<Example> examples) => new DefaultDataCollator().Collate(Examples = examples);
    }
}
