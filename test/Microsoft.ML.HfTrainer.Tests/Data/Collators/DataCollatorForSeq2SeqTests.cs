namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorForSeq2SeqTests
{
    private static readonly Example[] _examples = [Collators.Text([7, 1], new[] { 20, 21, 1 }), Collators.Text([7, 8, 9, 1], new[] { 30, 1 })];

    [TestMethod]
    public void Targets_have_a_length_of_their_own()
    {
        using var batch = new DataCollatorForSeq2Seq(Collators.Tokenizer).Collate(_examples);
        CollectionAssert.AreEqual(new long[] { 2, 4 }, batch["input_ids"].shape);
        Assert.AreEqual("20 21 1 30 1 -100", batch[Batch.Labels].Numbers());
        Assert.AreEqual(5, batch.OwnLabelCount);
        Assert.IsFalse(batch.ContainsKey("decoder_input_ids"));
    }

    [TestMethod]
    public void Without_padding_targets_have_one_length()
    {
        var collator = new DataCollatorForSeq2Seq(Collators.Tokenizer, padding: PaddingStrategy.DoNotPad);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([Collators.Text([7, 1], new[] { 1 }), Collators.Text([8, 1], new[] { 1, 2 })]));
        Assert.Contains("Example 1 of the batch has 2 whole numbers in 'labels'; the batch's first example has 1", failure.Message);
    }

    [TestMethod]
    public void A_target_beyond_the_length_is_an_error()
    {
        var collator = new DataCollatorForSeq2Seq(Collators.Tokenizer, padding: PaddingStrategy.MaxLength, maxLength: 2);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([Collators.Text([7, 1], new[] { 1 }), Collators.Text([8, 1], new[] { 1, 2, 3 })]));
        Assert.Contains("Example 1 of the batch has 3 numbers in 'labels', more than the 2", failure.Message);
    }
}
