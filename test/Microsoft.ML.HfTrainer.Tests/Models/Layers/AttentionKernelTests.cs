using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class AttentionKernelTests
{
    private static readonly AttentionConditions _plain = new(AttentionImplementation.Sdpa, DeviceType.CPU, IsPacked: false, HasPadding: false, HasBias: false, HasSoftCap: false, Dropout: 0,
        RandomStream.Fast, NeedsGradient: true, IsOneToken: false);

    [TestMethod]
    public void Each_condition_that_the_fused_operator_cannot_meet_leads_to_the_eager_kernel()
    {
        Assert.AreEqual(AttentionKernel.Fused, _plain.Kernel);
        Assert.AreEqual(AttentionKernel.Eager, (_plain with { Requested = AttentionImplementation.Eager }).Kernel);
        Assert.AreEqual(AttentionKernel.Eager, (_plain with { HasSoftCap = true }).Kernel);
        Assert.AreEqual(AttentionKernel.Eager, (_plain with { Dropout = 0.1 }).Kernel);
        Assert.AreEqual(AttentionKernel.Eager, (_plain with { HasBias = true, HasPadding = true }).Kernel);
    }

    [TestMethod]
    public void One_token_has_a_kernel_of_its_own_where_nothing_asks_for_another()
    {
        var token = _plain with { NeedsGradient = false, IsOneToken = true };
        Assert.AreEqual(AttentionKernel.OneToken, token.Kernel);
        Assert.AreEqual(AttentionKernel.OneToken, (token with { HasBias = true, HasPadding = true }).Kernel);
        Assert.AreEqual(AttentionKernel.Eager, (token with { Requested = AttentionImplementation.Eager }).Kernel);
        Assert.AreEqual(AttentionKernel.Eager, (token with { HasSoftCap = true }).Kernel);
        Assert.AreEqual(AttentionKernel.Fused, (token with { Dropout = 0.1, Stream = RandomStream.Reference }).Kernel);
        Assert.AreEqual(AttentionKernel.Fused, (token with { IsPacked = true }).Kernel);
    }

    [TestMethod]
    public void Other_conditions_keep_the_fused_kernel()
    {
        Assert.AreEqual(AttentionKernel.Fused, (_plain with { IsPacked = true }).Kernel);
        Assert.AreEqual(AttentionKernel.Fused, (_plain with { Dropout = 0.1, Stream = RandomStream.Reference }).Kernel);
        Assert.AreEqual(AttentionKernel.Fused, (_plain with { Dropout = 0.1, Device = DeviceType.CUDA }).Kernel);
        Assert.AreEqual(AttentionKernel.Fused, (_plain with { HasBias = true }).Kernel);
        Assert.AreEqual(AttentionKernel.Fused, (_plain with { HasBias = true, HasPadding = true, NeedsGradient = false }).Kernel);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_query_that_sees_no_key_sees_all_of_them_alike_in_either_kernel(bool biased)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (query, key, value) = (randn(1, 4, 8), randn(1, 4, 8), randn(1, 4, 8));
        var layout = new PaddedLayout(zeros(1, 4, ScalarType.Int64), tensor(new long[] { 0, 0, 1, 1 }).view(1, 4));
        foreach (var way in Enum.GetValues<AttentionImplementation>())
        {
            using var attention = new Attention(2, 0, way) { Causal = true };
            var first = attention.Forward(query, key, value, layout, biased ? zeros(1, 2, 4, 4) : null).select(1, 0);
            Assert.AreEqual(0, (first - value.mean([1])).abs().max().item<float>(), 2e-6);
        }
    }
}
