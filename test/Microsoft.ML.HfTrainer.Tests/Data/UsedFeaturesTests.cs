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
        CollectionAssert.AreEquivalent(new[] { "input_ids", "attention_mask", "token_type_ids", "position_ids", "labels" }, TinyBert.Model().InputNames.ToList());

    [TestMethod]
    public void WhatTheCollatorReadsIsKept()
    {
        var examples = Enumerable.Range(0, 4).Select(i => new Example
        {
            ["input_ids"] = new[] { 2, 5, 6, 3 }, ["offset_mapping"] = new Feature(new[] { 0, 0, 0, 3, 3, 5, 0, 0 }, 4, 2), ["special_tokens_mask"] = new[] { 1, 0, 0, 1 }, ["text"] = "unused",
        });
        using var model = AutoModelForMaskedLM.FromConfig(TinyBert.Model().Config);
        using var collator = new DataCollatorForLanguageModeling(Collators.Collators.Tokenizer, wholeWordMask: true, mlmProbability: 1, seed: 1);
        using var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 1 }, Dataset.From(examples), dataCollator: collator);
        trainer.Train();
    }

    [TestMethod]
    public void ACollatorOfOnesOwnIsToldWhichFeatureWasLeftOut()
    {
        using var model = TinyBert.Model();
        var data = Dataset.From(TinyBert.Data(4).Select(e => new Example(e) { ["boost"] = 2f }));
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Train(new Boosting([]))).Message;
        foreach (var part in new[] { "'boost'", "RemoveUnusedColumns", "IDataCollator.InputNames of Boosting" })
            StringAssert.Contains(message, part);
        var boosting = new Boosting(["boost"]);
        Train(boosting);
        Assert.AreEqual(2f, boosting.Seen);

        void Train(IDataCollator collator)
        {
            using var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 1 }, data, dataCollator: collator);
            trainer.Train();
        }
    }

    private static Example Row(string text) => new() { ["x"] = 1, ["text"] = text, ["length"] = text.Length, ["label"] = 0 };

    private sealed class Boosting(IReadOnlyCollection<string> names) : IDataCollator
    {
        public float Seen { get; private set; }

        public IReadOnlyCollection<string> InputNames => names;

        public Batch Collate(IReadOnlyList<Example> examples)
        {
            Seen = examples[0].GetReal("boost");
            return TinyBert.Collator.Collate([.. examples.Select(e => new Example(e.Where(f => f.Key != "boost")))]);
        }
    }

    private sealed class Watching : IDataCollator
    {
        public IReadOnlyList<Example>? Examples { get; private set; }

        public Batch Collate(IReadOnlyList<Example> examples) => new DefaultDataCollator().Collate(Examples = examples);
    }
}
