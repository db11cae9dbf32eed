using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorForPermutationLanguageModelingTests
{
    private static readonly Example[] _examples = [Collators.Text([2, 10, 11, 12, 13, 14, 15, 3]), Collators.Text([2, 20, 21, 22, 23, 3])];

    // What the original gives for this seed.
    [TestMethod]
    public void One_seed_gives_the_original_batch()
    {
        using var kept = new GeneratorState();
        torch.random.manual_seed(11);
        using var batch = new DataCollatorForPermutationLanguageModeling(Collators.Tokenizer, plmProbability: 0.4, maxSpanLength: 3).Collate(_examples);
        Assert.AreEqual("2 4 11 4 13 14 4 3 2 4 4 22 23 3 0 0", batch["input_ids"].Numbers());
        Assert.AreEqual("-100 10 -100 12 -100 -100 15 -100 -100 20 21 -100 -100 -100 -100 -100", batch[Batch.Labels].Numbers());
        string[] hidden =
        [
            "00000010", "01000010", "01010010", "01010010", "01010010", "01010010", "00000010", "00000010",
            "01100000", "01100000", "00100000", "01100000", "01100000", "00000000", "00000000", "00000000",
        ];
        Assert.AreEqual(string.Concat(hidden), batch["perm_mask"].Numbers().Replace(" ", ""));
        CollectionAssert.AreEqual(new long[] { 2, 8, 8 }, batch["target_mapping"].shape);
        Assert.AreEqual(5, batch.OwnLabelCount);
    }

    [TestMethod]
    public void An_odd_length_is_refused()
    {
        var collator = new DataCollatorForPermutationLanguageModeling(Collators.Tokenizer);
        Assert.Contains("longest example has 3 tokens", Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([Collators.Text([2, 7, 3])])).Message);
    }
}
