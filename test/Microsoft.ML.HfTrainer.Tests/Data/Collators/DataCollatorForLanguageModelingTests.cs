using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorForLanguageModelingTests
{
    private static readonly Example[] _examples = [Collators.Text([2, 7, 8, 9, 10, 3]), Collators.Text([2, 11, 12, 13, 14, 15, 16, 3])];

    [TestMethod]
    public void Special_tokens_and_padding_are_never_hidden()
    {
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, mlmProbability: 1, maskReplaceProb: 1, randomReplaceProb: 0, seed: 1);
        using var batch = collator.Collate(_examples);
        Assert.AreEqual("2 4 4 4 4 3 0 0 2 4 4 4 4 4 4 3", batch["input_ids"].Numbers());
        Assert.AreEqual("-100 7 8 9 10 -100 -100 -100 -100 11 12 13 14 15 16 -100", batch[Batch.Labels].Numbers());
        Assert.AreEqual(10, batch.OwnLabelCount);
        Assert.IsTrue(collator.DrawsRandomNumbers);
    }

    [TestMethod]
    public void A_special_tokens_mask_takes_their_place()
    {
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, mlmProbability: 1, maskReplaceProb: 1, randomReplaceProb: 0, seed: 1);
        using var batch = collator.Collate([new Example(_examples[0]) { ["special_tokens_mask"] = new[] { 0, 1, 1, 1, 1, 0 } }]);
        Assert.AreEqual("4 7 8 9 10 4", batch["input_ids"].Numbers());
        Assert.IsFalse(batch.ContainsKey("special_tokens_mask"));
    }

    [TestMethod]
    public void Without_a_seed_the_process_generator_is_drawn_from()
    {
        using var kept = new GeneratorState();
        var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, mlmProbability: 0.5);
        var (first, second, again) = (Masked(seed: 5), Masked(seed: 6), Masked(seed: 5));
        Assert.AreEqual(first, again);
        Assert.AreNotEqual(first, second);

        string Masked(long seed)
        {
            torch.random.manual_seed(seed);
            using var batch = collator.Collate(_examples);
            return batch["input_ids"].Numbers();
        }
    }

    [TestMethod]
    public void A_generator_of_its_own_goes_on_and_leaves_the_process_generator_alone()
    {
        using var before = torch.get_rng_state();
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, mlmProbability: 0.5, seed: 7);
        using var first = collator.Collate(_examples);
        using var second = collator.Collate(_examples);
        using var after = torch.get_rng_state();
        Assert.AreNotEqual(first[Batch.Labels].Numbers(), second[Batch.Labels].Numbers());
        Assert.IsTrue(before.bytes.SequenceEqual(after.bytes));
    }

    [TestMethod]
    public void A_generator_of_its_own_is_saved_and_restored()
    {
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, mlmProbability: 0.5, seed: 7);
        collator.Collate(_examples).Dispose();
        var state = collator.RandomState;
        using var next = collator.Collate(_examples);
        using var other = new DataCollatorForLanguageModeling(Collators.Tokenizer, mlmProbability: 0.5, seed: 8) { RandomState = state };
        using var same = other.Collate(_examples);
        Assert.AreEqual(next[Batch.Labels].Numbers(), same[Batch.Labels].Numbers());
        Assert.AreEqual(next["input_ids"].Numbers(), same["input_ids"].Numbers());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => other.RandomState = [1]).Message, "has 1 bytes");
        Assert.IsNull(new DataCollatorForLanguageModeling(Collators.Tokenizer).RandomState);
    }

    [TestMethod]
    public void Whole_words_are_found_in_texts_of_different_lengths()
    {
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, wholeWordMask: true, mlmProbability: 1, seed: 1);
        var first = new Example(_examples[0]) { ["offset_mapping"] = new[] { new[] { 0, 0 }, [0, 2], [2, 4], [5, 6], [6, 8], [0, 0] } };
        var second = new Example(_examples[1]) { ["offset_mapping"] = new[] { new[] { 0, 0 }, [0, 2], [2, 4], [5, 6], [6, 8], [9, 10], [10, 11], [0, 0] } };
        using var batch = collator.Collate([first, second]);
        Assert.AreEqual("2 4 4 4 4 3 0 0 2 4 4 4 4 4 4 3", batch["input_ids"].Numbers());
    }

    [TestMethod]
    public void Whole_words_need_offsets()
    {
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, wholeWordMask: true);
        Assert.Contains("no 'offset_mapping'", Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate(_examples)).Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => collator.Collate([new[] { 5, 6 }]));
    }

    [TestMethod]
    public void Impossible_shares_are_refused()
    {
        Assert.Contains("mlmProbability is 1.5", Refusal(mlmProbability: 1.5));
        Assert.Contains("maskReplaceProb is -0.1", Refusal(maskReplaceProb: -0.1));
        Assert.Contains("randomReplaceProb is NaN", Refusal(randomReplaceProb: double.NaN));
        Assert.Contains("exceed 1 together", Refusal(maskReplaceProb: 0.8, randomReplaceProb: 0.3));
        Assert.Contains("wholeWordMask is true and mlm is false", Refusal(mlm: false, wholeWordMask: true));

        static string Refusal(bool mlm = true, bool wholeWordMask = false, double mlmProbability = 0.15, double maskReplaceProb = 0.8, double randomReplaceProb = 0.1) =>
            Assert.ThrowsExactly<ArgumentException>(() => new DataCollatorForLanguageModeling(Collators.Tokenizer, mlm, wholeWordMask, mlmProbability, maskReplaceProb, randomReplaceProb)).Message;
    }

    [TestMethod]
    public void Offsets_that_are_no_pairs_are_refused()
    {
        using var collator = new DataCollatorForLanguageModeling(Collators.Tokenizer, wholeWordMask: true);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([new Example { ["input_ids"] = new[] { 7, 8 }, ["offset_mapping"] = new[] { 0, 3 } }])).Message;
        StringAssert.Contains(message, "2 whole numbers in 'offset_mapping'");
        StringAssert.Contains(message, "[tokens, 2]");
    }
}
