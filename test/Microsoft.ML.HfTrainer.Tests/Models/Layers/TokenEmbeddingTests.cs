using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class TokenEmbeddingTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Noise_is_uniform_within_alpha_over_the_root_of_padded_length_times_size(bool packed)
    {
        using var scope = NewDisposeScope();
        using var kept = new GeneratorState();
        random.manual_seed(1);
        using var embedding = new TokenEmbedding(10, 64) { NoiseAlpha = 5 };
        using (no_grad())
            foreach (var weight in embedding.parameters())
                weight.zero_();
        using var batch = new Batch { Size = 2, Lengths = [40, 20], Packed = packed };
        batch["input_ids"] = zeros(2, 40, ScalarType.Int64);
        var layout = TokenLayout.Of(batch);
        embedding.train();
        var noise = embedding.Forward(layout.Arrange(batch["input_ids"]), layout);
        Assert.AreEqual(packed ? 60 * 64 : 80 * 64, noise.numel());
        var bound = 5 / Math.Sqrt(40 * 64);
        var values = noise.data<float>().ToArray();
        Assert.IsTrue(values.All(v => Math.Abs(v) <= bound * 1.000001));
        Assert.AreEqual(bound / Math.Sqrt(3), Math.Sqrt(values.Average(v => (double)v * v)), bound * 0.03);
        Assert.AreEqual(0, values.Average(), bound * 0.05);
        embedding.eval();
        Assert.AreEqual(0, embedding.Forward(batch["input_ids"], layout).abs().sum().item<float>());
    }

    [TestMethod]
    public void A_model_takes_noise_and_gives_it_up()
    {
        using var model = TinyBert.Model();
        model.train();
        var plain = Logits(model);
        model.UseEmbeddingNoise(5);
        CollectionAssert.AreNotEqual(plain, Logits(model));
        model.UseEmbeddingNoise(null);
        CollectionAssert.AreEqual(plain, Logits(model));
    }

    private static float[] Logits(PretrainedModel model)
    {
        using var scope = NewDisposeScope();
        using var batch = TinyBert.Batch(4, packed: false);
        return model.call(batch).Logits.data<float>().ToArray();
    }
}
