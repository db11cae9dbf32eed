using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class CausalAttentionTests
{
    private const int Heads = 4, Size = 8;

    public static IEnumerable<object[]> Ways => Enum.GetValues<AttentionImplementation>().Select(way => new object[] { way });

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void A_token_gathers_the_values_of_itself_and_those_before_it_within_the_window(AttentionImplementation way)
    {
        using var scope = NewDisposeScope();
        foreach (var window in new int?[] { null, 1, 3, 7 })
        {
            using var attention = new Attention(Heads, 0, way) { Causal = true, Window = window };
            var (query, key, value) = (randn(2, 6, Size), randn(2, 6, Size), randn(2, 6, Size));
            var seen = attention.Forward(query, key, value, new PaddedLayout(zeros(2, 6, ScalarType.Int64), null));
            for (var at = 0; at < 6; at++)
            {
                var first = Math.Max(0, at + 1 - (window ?? 6));
                var alone = Full(way, query.narrow(1, at, 1), key.narrow(1, first, at + 1 - first), value.narrow(1, first, at + 1 - first));
                AssertClose(alone, seen.narrow(1, at, 1));
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void Padding_before_or_after_a_text_changes_nothing_of_it(AttentionImplementation way)
    {
        using var scope = NewDisposeScope();
        using var attention = new Attention(Heads, 0, way) { Causal = true, Window = 4 };
        var (query, key, value) = (randn(1, 5, Size), randn(1, 5, Size), randn(1, 5, Size));
        var alone = attention.Forward(query, key, value, new PaddedLayout(zeros(1, 5, ScalarType.Int64), null));
        foreach (var before in new[] { 0, 3 })
        {
            Tensor Padded(Tensor text) => cat([randn(1, before, Size), text, randn(1, 3 - before, Size)], 1);
            var mask = cat([zeros(1, before, ScalarType.Int64), ones(1, 5, ScalarType.Int64), zeros(1, 3 - before, ScalarType.Int64)], 1);
            AssertClose(alone, attention.Forward(Padded(query), Padded(key), Padded(value), new PaddedLayout(zeros(1, 8, ScalarType.Int64), mask)).narrow(1, before, 5));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void Texts_in_one_row_whose_positions_begin_anew_do_not_see_each_other(AttentionImplementation way)
    {
        using var scope = NewDisposeScope();
        using var attention = new Attention(Heads, 0, way) { Causal = true };
        var (query, key, value) = (randn(1, 7, Size), randn(1, 7, Size), randn(1, 7, Size));
        var layout = new PaddedLayout(zeros(1, 7, ScalarType.Int64), null, tensor(new long[] { 0, 1, 2, 0, 0, 1, 2 }).view(1, 7));
        var joined = attention.Forward(query, key, value, layout);
        foreach (var (start, length) in new[] { (0, 3), (3, 1), (4, 3) })
        {
            var alone = attention.Forward(query.narrow(1, start, length), key.narrow(1, start, length), value.narrow(1, start, length), new PaddedLayout(zeros(1, length, ScalarType.Int64), null));
            AssertClose(alone, joined.narrow(1, start, length));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void A_packed_batch_gives_what_a_padded_one_gives(AttentionImplementation way)
    {
        using var scope = NewDisposeScope();
        foreach (var window in new int?[] { null, 2 })
        {
            using var attention = new Attention(Heads, 0, way) { Causal = true, Window = window, KeyValueHeads = 2 };
            int[] lengths = [2, 5, 1];
            var ids = zeros(3, 5, ScalarType.Int64);
            var mask = arange(5).unsqueeze(0).less(tensor(lengths).unsqueeze(1)).to(ScalarType.Int64);
            var (query, key, value) = (randn(3, 5, Size), randn(3, 5, Size / 2), randn(3, 5, Size / 2));
            var (padded, packed) = (new PaddedLayout(ids, mask), new PackedLayout(lengths, 5, CPU));
            AssertClose(packed.FromPadded(attention.Forward(query, key, value, padded)), attention.Forward(packed.FromPadded(query), packed.FromPadded(key), packed.FromPadded(value), packed));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void Neighbouring_heads_share_keys_and_values_and_scores_are_scaled_biased_and_capped(AttentionImplementation way)
    {
        using var scope = NewDisposeScope();
        using var attention = new Attention(Heads, 0, way) { Causal = true, KeyValueHeads = 2, Scale = 0.3, SoftCap = way == AttentionImplementation.Eager ? 1.5 : null };
        var (query, key, value, bias) = (randn(2, 5, Size), randn(2, 5, Size / 2), randn(2, 5, Size / 2), randn(1, Heads, 5, 5));
        var found = attention.Forward(query, key, value, new PaddedLayout(zeros(2, 5, ScalarType.Int64), null), bias);
        for (var head = 0; head < Heads; head++)
        {
            var (own, shared) = (query.narrow(2, head * 2, 2), head / 2 * 2);
            var scores = own.matmul(key.narrow(2, shared, 2).transpose(1, 2)) * 0.3;
            if (attention.SoftCap is { } cap)
                scores = (scores / cap).tanh() * cap;
            scores = (scores + bias.select(1, head)).masked_fill(ones(5, 5, ScalarType.Bool).triu(1), double.NegativeInfinity);
            AssertClose(nn.functional.softmax(scores, -1).matmul(value.narrow(2, shared, 2)), found.narrow(2, head * 2, 2));
        }
    }

    [TestMethod]
    public void Queries_of_one_text_gather_the_values_of_another_without_its_padding()
    {
        using var scope = NewDisposeScope();
        using var attention = new Attention(Heads, 0, AttentionImplementation.Sdpa);
        var (query, key, value) = (randn(1, 3, Size), randn(1, 5, Size), randn(1, 5, Size));
        var (queries, keys) = (new PaddedLayout(zeros(1, 3, ScalarType.Int64), null), new PaddedLayout(zeros(1, 5, ScalarType.Int64), tensor(new long[] { 1, 1, 1, 1, 0 }).view(1, 5)));
        AssertClose(Full(AttentionImplementation.Eager, query, key.narrow(1, 0, 4), value.narrow(1, 0, 4)), attention.Forward(query, queries, key, value, keys));
    }

    [TestMethod]
    public void Masks_are_made_once_and_end_with_the_scope_of_the_layout()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new long[] { 1, 1, 0 }).view(1, 3);
        Tensor made;
        using (NewDisposeScope())
        {
            var layout = new PaddedLayout(zeros(1, 3, ScalarType.Int64), mask);
            using (NewDisposeScope())
                made = layout.CausalMask().Visible!;
            Assert.AreSame(made, layout.CausalMask().Visible);
            Assert.AreNotSame(made, layout.CausalMask(2).Visible);
            Assert.AreSame(made, layout.CausalMask(3).Visible);
            Assert.IsFalse(made.IsInvalid);
        }
        Assert.IsTrue(made.IsInvalid);
    }

    [TestMethod]
    public void The_state_of_one_token_of_each_text_is_taken_from_either_layout()
    {
        using var scope = NewDisposeScope();
        var (ids, hidden, places) = (zeros(2, 4, ScalarType.Int64), randn(2, 4, Size), tensor(new long[] { 1, 2 }));
        var packed = new PackedLayout([2, 4], 4, CPU);
        var expected = stack([hidden[0][1], hidden[1][2]]);
        AssertClose(expected, new PaddedLayout(ids, null).At(hidden, places));
        AssertClose(expected, packed.At(packed.FromPadded(hidden), places));
    }

    // Attention of all queries over all keys.
    private static Tensor Full(AttentionImplementation way, Tensor query, Tensor key, Tensor value)
    {
        using var attention = new Attention(Heads, 0, way);
        return attention.Forward(query, new PaddedLayout(zeros(query.shape[0], query.shape[1], ScalarType.Int64), null), key, value, new PaddedLayout(zeros(key.shape[0], key.shape[1], ScalarType.Int64), null));
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.AreEqual(0, (expected - actual).abs().max().item<float>(), 2e-6);
    }
}
