using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class PreNormLayerTests
{
    private const int Size = 8;

    [TestMethod]
    public void Each_arrangement_adds_attention_and_feed_forward_to_the_residual_path()
    {
        using var scope = NewDisposeScope();
        var hidden = randn(2, 3, Size);
        var layout = new PaddedLayout(zeros(2, 3, ScalarType.Int64), null);
        foreach (var arrangement in Enum.GetValues<ResidualArrangement>())
        {
            var (attention, feedForward, norm1, norm2) = (new Scaling(2), new Scaling(3), Norm(), Norm());
            using var layer = new PreNormLayer
            {
                Attention = ("attention", attention),
                FeedForward = ("feed_forward", feedForward),
                AttentionNorm = ("norm1", norm1),
                FeedForwardNorm = ("norm2", norm2),
                Arrangement = arrangement,
            };
            Tensor Attended(Tensor h) => h + norm1.Forward(h) * 2;
            var expected = arrangement switch
            {
                ResidualArrangement.PreNorm => Attended(hidden) + norm2.Forward(Attended(hidden)) * 3,
                ResidualArrangement.Parallel => norm2.Forward(hidden) * 3 + norm1.Forward(hidden) * 2 + hidden,
                _ => norm2.Forward(norm1.Forward(hidden * 3) * 4),
            };
            Assert.IsLessThan(1e-5f, (layer.Run(hidden, layout) - expected).abs().max().item<float>(), arrangement.ToString());
        }
    }

    [TestMethod]
    public void Outputs_are_normalised_if_there_are_norms_for_them()
    {
        using var scope = NewDisposeScope();
        var (hidden, output1, output2) = (randn(2, 3, Size), Norm(), Norm());
        using var layer = new PreNormLayer
        {
            Attention = ("attention", new Scaling(2)),
            AttentionNorm = ("norm1", Norm()),
            AttentionOutputNorm = ("output1", output1),
            FeedForward = ("feed_forward", new Scaling(3)),
            FeedForwardNorm = ("norm2", Norm()),
            FeedForwardOutputNorm = ("output2", output2),
        };
        using var norm = Norm();
        var attended = hidden + output1.Forward(norm.Forward(hidden) * 2);
        var expected = attended + output2.Forward(norm.Forward(attended) * 3);
        Assert.IsLessThan(1e-5f, (layer.Run(hidden, new PaddedLayout(zeros(2, 3, ScalarType.Int64), null)) - expected).abs().max().item<float>());
    }

    [TestMethod]
    public void Weights_are_registered_in_the_order_of_assignment_and_those_of_a_block_without_a_name_on_the_layer()
    {
        using var layer = new PreNormLayer
        {
            AttentionNorm = ("ln_1", new LayerNorm(Size, 1e-5)),
            Attention = ("attn", new SelfAttention(new Attention(2, 0, AttentionImplementation.Sdpa), Size / 2)
            {
                QueryKeyValue = ("qkv", new Linear(Size, 3 * Size)),
                Output = ("out", new Linear(Size, Size, bias: false)),
            }),
            FeedForward = ("", new FeedForward(Activation.Gelu) { Inner = ("fc1", new Linear(Size, 16, bias: false)), Output = ("fc2", new Linear(16, Size, bias: false)) }),
            FeedForwardNorm = ("ln_2", new RmsNorm(Size, 1e-5)),
        };
        CollectionAssert.AreEqual(
            new[] { "ln_1.weight", "ln_1.bias", "attn.qkv.weight", "attn.qkv.bias", "attn.out.weight", "fc1.weight", "fc2.weight", "ln_2.weight" },
            layer.named_parameters().Select(p => p.name).ToArray());
    }

    [TestMethod]
    public void A_fused_projection_gives_what_three_projections_give()
    {
        using var scope = NewDisposeScope();
        const int Heads = 4, KeyHeads = 2, HeadSize = 3;
        var (query, key, value, output) = (Filled(Size, Heads * HeadSize), Filled(Size, KeyHeads * HeadSize), Filled(Size, KeyHeads * HeadSize), Filled(Heads * HeadSize, Size));
        var fused = new Linear(Size, (Heads + 2 * KeyHeads) * HeadSize, bias: false);
        using (no_grad())
            fused.Weight.Parameter.copy_(cat([query.Weight.Parameter, key.Weight.Parameter, value.Weight.Parameter]));
        Attention Scores() => new(Heads, 0, AttentionImplementation.Sdpa) { KeyValueHeads = KeyHeads, Causal = true };
        using var apart = new SelfAttention(Scores(), HeadSize) { Query = ("q", query), Key = ("k", key), Value = ("v", value), Output = ("o", output) };
        using var together = new SelfAttention(Scores(), HeadSize) { QueryKeyValue = ("qkv", fused), Output = ("o", output) };
        var (hidden, layout) = (randn(2, 5, Size), new PaddedLayout(zeros(2, 5, ScalarType.Int64), null));
        Assert.IsLessThan(1e-5f, (apart.Forward(hidden, layout) - together.Forward(hidden, layout)).abs().max().item<float>());
    }

    private static LayerNorm Norm()
    {
        var norm = new LayerNorm(Size, 1e-5);
        using (no_grad())
            foreach (var (name, parameter) in norm.named_parameters())
                norm.Initialize(name, parameter, 0.02);
        return norm;
    }

    private static Linear Filled(long inputs, long outputs)
    {
        var map = new Linear(inputs, outputs, bias: false);
        using (no_grad())
            map.Weight.Parameter.normal_(0, 0.5);
        return map;
    }

    private sealed class Scaling(double factor) : Sublayer
    {
        public override Tensor Forward(Tensor hidden, TokenLayout layout) => hidden * factor;
    }
}
