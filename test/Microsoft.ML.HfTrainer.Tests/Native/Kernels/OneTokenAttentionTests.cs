using Microsoft.ML.HfTrainer.Native.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native.Kernels;

[TestClass]
public class OneTokenAttentionTests
{
    [TestMethod]
    [DataRow(1, 1, 1, 1, 16)]
    [DataRow(3, 4, 4, 7, 8)]
    [DataRow(2, 6, 2, 33, 64)]
    [DataRow(2, 12, 12, 300, 40)]
    public void It_is_the_attention_of_libtorch(int batch, int heads, int keyHeads, int keys, int size)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var generator = new Generator(1);
        Tensor Random(params long[] shape) => randn(shape, generator: generator);
        var query = Random(batch, heads, 1, size);
        // Views of a cache that has room for more, as those of generation are.
        var (key, value) = (Random(batch, keyHeads, keys + 5, size).narrow(2, 0, keys), Random(batch, keyHeads, keys + 5, size).narrow(2, 0, keys));
        // The first key of the first text is hidden, unless it is the only one.
        var hidden = zeros(batch, 1, 1, keys);
        if (keys > 1)
            hidden[0, 0, 0, 0] = float.MinValue;
        foreach (var bias in new[] { null, hidden, Random(1, heads, 1, keys), Random(batch, heads, 1, keys) })
            foreach (double? scale in new double?[] { null, 1 })
            {
                var attended = OneTokenAttention.Forward(query, key, value, scale, bias);
                CollectionAssert.AreEqual(new long[] { batch, heads * size }, attended.shape);
                var expected = nn.functional.scaled_dot_product_attention(
                    query * ((scale ?? 1 / Math.Sqrt(size)) * Math.Sqrt(size)), key.repeat_interleave(heads / keyHeads, 1), value.repeat_interleave(heads / keyHeads, 1), bias?.expand(batch, heads, 1, keys));
                Assert.AreEqual(0, (attended - expected.reshape(batch, -1)).abs().max().item<float>(), 1e-5);
            }
    }

    [TestMethod]
    public void A_query_that_sees_no_key_sees_all_alike()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var value = randn(1, 2, 5, 8);
        var attended = OneTokenAttention.Forward(randn(1, 2, 1, 8), randn(1, 2, 5, 8), value, null, full([1, 1, 1, 5], -3.3895313892515355e38));
        Assert.IsTrue(allclose(value.mean([2]).reshape(1, -1), attended, atol: 1e-6));
    }
}
