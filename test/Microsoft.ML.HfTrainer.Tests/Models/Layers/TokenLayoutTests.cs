using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class TokenLayoutTests
{
    private static readonly Random _random = new(5);

    [TestMethod]
    [DataRow("bert.sequence-classification")]
    [DataRow("distilbert.sequence-classification")]
    public void A_packed_batch_gives_what_a_padded_one_gives(string name)
    {
        using var model = AutoModelForSequenceClassification.FromPretrained(Path.Combine(GoldenFolder.Repository, "test/Fixtures/golden/models", name));
        var examples = new[] { 3, 17, 1, 9, 17 }.Select((length, i) => Example(length, i % 3)).ToList();
        var (padded, paddedGradients) = Run(model, examples, packed: false);
        var (packed, packedGradients) = Run(model, examples, packed: true);
        AssertClose(padded, packed);
        foreach (var (parameter, gradient) in paddedGradients)
            AssertClose(gradient, packedGradients[parameter]);
    }

    [TestMethod]
    public void Only_padding_at_the_end_can_be_left_out()
    {
        var examples = new[] { Example(2, 0), Example(4, 1) };
        Assert.IsNotNull(Lengths(new DataCollatorWithPadding(0), examples));
        Assert.IsNull(Lengths(new DataCollatorWithPadding(0, side: Side.Left), examples));
        examples[0]["attention_mask"] = new[] { 1, 0 };
        Assert.IsNull(Lengths(new DataCollatorWithPadding(0), examples));
    }

    private static IReadOnlyList<int>? Lengths(IDataCollator collator, IReadOnlyList<Example> examples)
    {
        using var batch = collator.Collate(examples);
        return batch.Lengths;
    }

    private static (float[] Logits, Dictionary<string, float[]> Gradients) Run(PretrainedModel model, IReadOnlyList<Example> examples, bool packed)
    {
        using var scope = NewDisposeScope();
        using var batch = new DataCollatorWithPadding(0).Collate(examples);
        batch.Packed = packed;
        model.zero_grad();
        var output = model.call(batch);
        output.Loss!.backward();
        return (output.Logits.data<float>().ToArray(), model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray()));
    }

    private static Example Example(int length, int label) => new()
    {
        ["input_ids"] = Enumerable.Range(0, length).Select(_ => _random.Next(5, 119)).ToArray(),
        ["token_type_ids"] = Enumerable.Range(0, length).Select(i => i > length / 2 ? 1 : 0).ToArray(),
        ["attention_mask"] = Enumerable.Repeat(1, length).ToArray(),
        ["labels"] = label,
    };

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 2e-6 + 1e-4 * Math.Abs(expected[i]));
    }
}
