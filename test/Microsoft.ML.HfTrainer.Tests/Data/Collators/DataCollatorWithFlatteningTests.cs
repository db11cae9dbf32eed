namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorWithFlatteningTests
{
    [TestMethod]
    public void Texts_are_counted_without_empty_ones_and_labels_without_separators()
    {
        using var batch = new DataCollatorWithFlattening().Collate([Collators.Text([7, 8, 9]), Collators.Text([]), Collators.Text([10, 11])]);
        Assert.AreEqual(2, batch.Size);
        Assert.AreEqual(3, batch.OwnLabelCount);
        Assert.IsFalse(batch.HasPadding);
        Assert.IsFalse(batch.ContainsKey("attention_mask"));
    }

    [TestMethod]
    public void A_batch_without_tokens_is_refused()
    {
        Assert.Contains("None of the batch's 1 examples has a token", Assert.ThrowsExactly<ArgumentException>(() => new DataCollatorWithFlattening().Collate([Collators.Text([])])).Message);
    }

    [TestMethod]
    public void Every_token_needs_a_label_where_the_first_example_has_them()
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => new DataCollatorWithFlattening().Collate([Collators.Text([7, 8], new[] { 7, 8 }), Collators.Text([9, 10], new[] { 9 })]));
        Assert.Contains("Example 1 of the batch has 1 whole numbers in 'labels'; a whole number for each of its 2 tokens", failure.Message);
    }
}
