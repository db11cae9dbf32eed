using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public sealed class DataCollatorForSentencesTests
{
    private DataCollatorForSentences _collator = null!;

    [TestInitialize]
    public void Load()
    {
        using var model = new TinyModel();
        _collator = new(HfTokenizer.FromPretrained(model.Folder));
    }

    [TestMethod]
    public void TextsOfAnExampleFollowEachOther()
    {
        using var batch = _collator.Collate(
        [
            new Example { ["input_ids"] = new[] { new[] { 5, 6, 7 }, [8] }, ["prompt_length"] = new[] { 1, 0 }, ["label"] = 0.5f },
            new Example { ["input_ids"] = new[] { new[] { 9, 10 }, [11, 12] }, ["prompt_length"] = new[] { 0, 2 }, ["label"] = 1f },
        ]);
        CollectionAssert.AreEqual(new long[] { 5, 6, 7, 8, 0, 0, 9, 10, 0, 11, 12, 0 }, batch["input_ids"].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0 }, batch["attention_mask"].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 0, 0, 2 }, batch["prompt_length"].data<long>().ToArray());
        CollectionAssert.AreEqual(new[] { 0.5f, 1f }, batch[Batch.Labels].data<float>().ToArray());
        Assert.AreEqual((2, 2L), (batch.Size, batch.OwnLabelCount));
        CollectionAssert.AreEqual(new[] { 3, 1, 2, 2 }, batch.Lengths!.ToArray());
    }

    [TestMethod]
    public void WithoutLabelsEachExampleHasItsPlace()
    {
        using var batch = _collator.Collate([new Example { ["input_ids"] = new[] { 5, 6 } }, new Example { ["input_ids"] = new[] { 7 } }, new Example { ["input_ids"] = new[] { 8 } }]);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, batch["input_ids"].shape);
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, batch[Batch.Labels].data<long>().ToArray());
    }

    [TestMethod]
    public void AnExampleWithFewerTextsIsNamed()
    {
        var refused = Assert.ThrowsExactly<InvalidDataException>(
            () => _collator.Collate([new Example { ["input_ids"] = new[] { new[] { 5 }, [6] } }, new Example { ["input_ids"] = new[] { new[] { 5 } } }]));
        Assert.Contains("Example 1 of the batch", refused.Message);
        Assert.Contains("each of the 2 texts", refused.Message);
    }

    [TestMethod]
    public void NoTensorIsLeft()
    {
        var live = new LiveTensors();
        _collator.Collate([new Example { ["input_ids"] = new[] { new[] { 5 }, [6, 7] }, ["label"] = 1 }]).Dispose();
        live.AssertUnchanged();
        var refused = new[] { new Example { ["input_ids"] = new[] { 5 }, ["label"] = 1 }, new Example { ["input_ids"] = new[] { 5 } } };
        Assert.ThrowsExactly<InvalidDataException>(() => _collator.Collate(refused));
        live.AssertUnchanged();
    }
}
