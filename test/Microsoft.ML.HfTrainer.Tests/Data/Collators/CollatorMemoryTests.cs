using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

[TestClass]
public class CollatorMemoryTests
{
    private static readonly Example _choices = new() { ["input_ids"] = new[] { new[] { 7 }, [8, 9] }, ["label"] = 1 };

    public static IEnumerable<object[]> Rows =>
    [
        [new DataCollatorWithPadding(Collators.Tokenizer), new[] { Collators.Text([7, 8], 1), Collators.Text([9], 0) }],
        [new DataCollatorForTokenClassification(Collators.Tokenizer), new[] { Collators.Text([7, 8], new[] { 1, 2 }), Collators.Text([9], new[] { 1 }) }],
        [new DataCollatorForSeq2Seq(Collators.Tokenizer), new[] { Collators.Text([7, 8], new[] { 1, 2 }), Collators.Text([9], new[] { 1 }) }],
        [new DataCollatorForMultipleChoice(Collators.Tokenizer), new[] { _choices, _choices }],
        [new DataCollatorForLanguageModeling(Collators.Tokenizer), new[] { Collators.Text([7, 8]), Collators.Text([9]) }],
        [new DataCollatorForLanguageModeling(Collators.Tokenizer, mlm: false), new[] { Collators.Text([7, 8]), Collators.Text([9]) }],
        [new DataCollatorForPermutationLanguageModeling(Collators.Tokenizer), new[] { Collators.Text([7, 8]), Collators.Text([9]) }],
        [new DataCollatorWithFlattening(returnFlashAttnKwargs: true, returnSeqIdx: true), new[] { Collators.Text([7, 8]), Collators.Text([9]) }],
        [new DefaultDataCollator(), new[] { Collators.Text([7, 8], 1), Collators.Text([9, 10], 0) }],
    ];

    public static string RowName(System.Reflection.MethodInfo method, object[] row) => $"{method.Name}, {row[0].GetType().Name}";

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void A_batch_is_all_that_lives(IDataCollator collator, Example[] examples)
    {
        var live = new LiveTensors();
        Batch batch;
        using (torch.NewDisposeScope())
            batch = collator.Collate(examples);
        live.AssertUnchanged(batch.Count);
        batch.Dispose();
        live.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void An_example_without_tokens_or_a_batch_without_examples_is_an_error_that_leaves_nothing(IDataCollator collator, Example[] examples)
    {
        var live = new LiveTensors();
        Assert.ThrowsExactly<InvalidDataException>(() => collator.Collate([examples[0], new Example { ["x"] = 1 }]));
        Assert.ThrowsExactly<ArgumentException>(() => collator.Collate(Array.Empty<Example>()));
        live.AssertUnchanged();
    }
}
