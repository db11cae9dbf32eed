namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorForTokenClassificationTests
{
    [TestMethod]
    public void Labels_are_padded_with_their_tokens_and_counted_without_padding()
    {
        using var batch = new DataCollatorForTokenClassification(Collators.Tokenizer).Collate([Collators.Text([2, 7, 3], new[] { -100, 5, -100 }), Collators.Text([2, 8, 9, 3], new[] { -100, 6, 7, -100 })]);
        Assert.AreEqual("-100 5 -100 -100 -100 6 7 -100", batch[Batch.Labels].Numbers());
        Assert.AreEqual(3, batch.OwnLabelCount);
        CollectionAssert.AreEqual(new[] { 3, 4 }, batch.Lengths!.ToArray());
        Assert.IsTrue(batch.HasPadding);
    }

    [TestMethod]
    public void Labels_reach_the_length_of_the_tokens_where_these_are_not_padded()
    {
        using var batch = new DataCollatorForTokenClassification(Collators.Tokenizer, padding: PaddingStrategy.DoNotPad).Collate([Collators.Text([2, 7, 3], new[] { 5 }), Collators.Text([2, 8, 3], new[] { 6, 7 })]);
        Assert.AreEqual("5 -100 -100 6 7 -100", batch[Batch.Labels].Numbers());
    }

    [TestMethod]
    public void More_labels_than_tokens_are_an_error_that_names_the_example()
    {
        var collator = new DataCollatorForTokenClassification(Collators.Tokenizer);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([Collators.Text([2, 3], new[] { 1, 1 }), Collators.Text([2, 3], new[] { 1, 1, 1 })]));
        Assert.Contains("Example 1 of the batch has 3 whole numbers in 'labels'; it should have at most 2", failure.Message);
    }

    [TestMethod]
    public void A_missing_label_is_an_error_that_names_the_example()
    {
        var collator = new DataCollatorForTokenClassification(Collators.Tokenizer);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([Collators.Text([2, 3], new[] { 1, 1 }), Collators.Text([2, 3])]));
        Assert.Contains("Example 1 of the batch has nothing in 'labels'", failure.Message);
    }
}
