using Microsoft.ML.HfTrainer.Tests.Tokenization;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class DataCollatorTests
{
    private static readonly Example _short = new() { ["input_ids"] = new[] { 5, 6 }, ["attention_mask"] = new[] { 1, 1 }, ["token_type_ids"] = new[] { 0, 1 }, ["label"] = 2 };
    private static readonly Example _long = new() { ["input_ids"] = new[] { 7, 8, 9 }, ["attention_mask"] = new[] { 1, 1, 1 }, ["token_type_ids"] = new[] { 0, 0, 1 }, ["label"] = 0 };

    [TestMethod]
    [DataRow(Side.Right, "5 6 99 7 8 9", "1 1 0 1 1 1", "0 1 3 0 0 1")]
    [DataRow(Side.Left, "99 5 6 7 8 9", "0 1 1 1 1 1", "3 0 1 0 0 1")]
    public void Tokens_are_padded_to_the_longest(Side side, string ids, string mask, string types)
    {
        using var batch = new DataCollatorWithPadding(99, 3, side).Collate([_short, _long]);
        Assert.AreEqual(ids, Text(batch["input_ids"]));
        Assert.AreEqual(mask, Text(batch["attention_mask"]));
        Assert.AreEqual(types, Text(batch["token_type_ids"]));
        CollectionAssert.AreEqual(new long[] { 2, 3 }, batch["input_ids"].shape);
        Assert.IsTrue(batch.HasPadding);
    }

    [TestMethod]
    public void Labels_get_their_name_and_are_counted()
    {
        using var batch = new DataCollatorWithPadding(0).Collate([_short, With(_long, -100)]);
        Assert.AreEqual("2 -100", Text(batch[Batch.Labels]));
        Assert.AreEqual(1, batch.OwnLabelCount);
        Assert.AreEqual(2, batch.Size);
    }

    [TestMethod]
    public void Lengths_are_rounded_up_to_a_multiple()
    {
        using var batch = new DataCollatorWithPadding(0, padToMultipleOf: 8).Collate([_short, _long]);
        CollectionAssert.AreEqual(new long[] { 2, 8 }, batch["input_ids"].shape);
    }

    [TestMethod]
    public void Without_padding_a_batch_says_so()
    {
        using var batch = new DataCollatorWithPadding(0).Collate([_long, _long]);
        Assert.IsFalse(batch.HasPadding);
    }

    [TestMethod]
    public void Other_features_need_one_length_and_kind()
    {
        var collator = new DefaultDataCollator();
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([new Example { ["x"] = new[] { 1f, 2f } }, new Example { ["x"] = new[] { 1f } }]));
        Assert.Contains("Example 1 of the batch has 1 real numbers in 'x'", failure.Message);
        failure = Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([new Example { ["x"] = 1 }, new Example { ["y"] = 1 }]));
        Assert.Contains("has nothing in 'x'", failure.Message);
    }

    [TestMethod]
    public void Real_numbers_are_float32_and_scalars_add_no_axis()
    {
        using var batch = new DefaultDataCollator().Collate([new Example { ["labels"] = 0.5f, ["x"] = new[] { 1f, 2f } }, new Example { ["labels"] = 1.5f, ["x"] = new[] { 3f, 4f } }]);
        Assert.AreEqual(torch.ScalarType.Float32, batch["x"].dtype);
        CollectionAssert.AreEqual(new long[] { 2 }, batch[Batch.Labels].shape);
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f }, batch["x"].data<float>().ToArray());
    }

    [TestMethod]
    public void A_missing_attention_mask_is_made()
    {
        using var batch = new DataCollatorWithPadding(0).Collate([new Example { ["input_ids"] = new[] { 5 } }, new Example { ["input_ids"] = new[] { 6, 7 } }]);
        Assert.AreEqual("1 0 1 1", Text(batch["attention_mask"]));
    }

    [TestMethod]
    public void Each_token_has_one_of_everything()
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => new DataCollatorWithPadding(0).Collate([_short, new Example { ["input_ids"] = new[] { 6, 7 }, ["attention_mask"] = new[] { 1 }, ["token_type_ids"] = new[] { 0, 0 }, ["label"] = 1 }]));
        Assert.Contains("Example 1 of the batch has 1 numbers in 'attention_mask' and 2 in 'input_ids'", failure.Message);
    }

    [TestMethod]
    public void An_example_beyond_the_length_is_an_error_that_names_it()
    {
        var collator = new DataCollatorWithPadding(Collators.Tokenizer, padding: PaddingStrategy.MaxLength, maxLength: 2);
        Assert.Contains("Example 1 of the batch has 3 numbers in 'input_ids', more than the 2", Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([_short, _long])).Message);
        // As in the original nothing is cut, and examples of one length need no padding.
        using var batch = collator.Collate([_long, _long]);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, batch["input_ids"].shape);
    }

    [TestMethod]
    public void Impossible_lengths_and_a_tokenizer_without_padding_are_refused()
    {
        Assert.Contains("padToMultipleOf is 0", Assert.ThrowsExactly<ArgumentException>(() => new DataCollatorWithPadding(Collators.Tokenizer, padToMultipleOf: 0)).Message);
        Assert.Contains("maxLength is null, and the tokenizer sets no model_max_length", Assert.ThrowsExactly<ArgumentException>(() => new DataCollatorWithPadding(Collators.Tokenizer, padding: PaddingStrategy.MaxLength)).Message);
        var bare = TinyTokenizer.Load(configuration: """{ "unk_token": "[UNK]" }""");
        Assert.Contains("has no padding token", Assert.ThrowsExactly<ArgumentException>(() => new DataCollatorForTokenClassification(bare)).Message);
        var maskless = TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }""");
        Assert.Contains("has no mask token", Assert.ThrowsExactly<ArgumentException>(() => new DataCollatorForLanguageModeling(maskless)).Message);
    }

    [TestMethod]
    public void Images_keep_their_axes()
    {
        using var batch = new DefaultDataCollator().Collate([new Example { ["pixel_values"] = new Feature(new float[12], 3, 2, 2) }, new Example { ["pixel_values"] = new Feature(new float[12], 3, 2, 2) }]);
        CollectionAssert.AreEqual(new long[] { 2, 3, 2, 2 }, batch["pixel_values"].shape);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => new DefaultDataCollator().Collate([new Example { ["x"] = new Feature(new float[12], 3, 2, 2) }, new Example { ["x"] = new Feature(new float[12], 3, 4, 1) }]));
        Assert.Contains("Example 1 of the batch has [3, 4, 1] real numbers in 'x'; the batch's first example has [3, 2, 2]", failure.Message);
    }

    [TestMethod]
    public void Texts_make_no_tensor()
    {
        using var batch = new DefaultDataCollator().Collate([new Example { ["x"] = 1, ["title"] = "one" }]);
        Assert.HasCount(1, batch);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => new DataCollatorWithPadding(0).Collate([new Example(_short) { ["title"] = "one" }]));
        Assert.Contains("Example 0 of the batch has a text in 'title'; a tensor holds numbers", failure.Message);
    }

    [TestMethod]
    public void Rows_of_different_lengths_make_no_tensor()
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => new DefaultDataCollator().Collate([new Example { ["x"] = new[] { new[] { 1 }, [2, 3] } }]));
        Assert.Contains("has 2 rows of 1, 2 whole numbers in 'x'", failure.Message);
    }

    private static Example With(Example example, int label) => new(example) { ["label"] = label };

    private static string Text(torch.Tensor tensor) => string.Join(' ', tensor.data<long>().ToArray());
}
