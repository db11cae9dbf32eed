namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorForMultipleChoiceTests
{
    private static readonly DataCollatorForMultipleChoice _collator = new(Collators.Tokenizer);

    [TestMethod]
    public void Choices_are_padded_together_and_labels_are_one_an_example()
    {
        using var batch = _collator.Collate([Question(1, [7], [8, 9]), Question(0, [10, 11, 12], [13])]);
        CollectionAssert.AreEqual(new long[] { 2, 2, 3 }, batch["input_ids"].shape);
        Assert.AreEqual("7 0 0 8 9 0 10 11 12 13 0 0", batch["input_ids"].Numbers());
        Assert.AreEqual("1 0 0 1 1 0 1 1 1 1 0 0", batch["attention_mask"].Numbers());
        Assert.AreEqual("1 0", batch[Batch.Labels].Numbers());
        Assert.AreEqual(2, batch.OwnLabelCount);
        Assert.AreEqual(2, batch.Size);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 1 }, batch.Lengths!.ToArray());
    }

    [TestMethod]
    public void Without_labels_there_are_none()
    {
        using var batch = _collator.Collate([new Example { ["input_ids"] = new[] { new[] { 7 }, [8] } }]);
        Assert.IsFalse(batch.ContainsKey(Batch.Labels));
        Assert.AreEqual(0, batch.OwnLabelCount);
    }

    [TestMethod]
    public void Another_number_of_choices_is_an_error_that_names_the_example()
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => _collator.Collate([Question(1, [7], [8, 9]), Question(0, [10], [13], [14])]));
        Assert.Contains("Example 1 of the batch has [3, 1] whole numbers in 'input_ids'; it should have a row for each of the 2 choices", failure.Message);
        failure = Assert.ThrowsExactly<InvalidDataException>(() => _collator.Collate([Collators.Text([1, 2], 0)]));
        Assert.Contains("Example 0 of the batch has 2 whole numbers in 'input_ids'", failure.Message);
    }

    private static Example Question(int answer, params int[][] choices) => new() { ["input_ids"] = choices, ["label"] = answer };
}
