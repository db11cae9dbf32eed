using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

/// <summary>Decoding token by token through a key-value cache against the forward pass over whole texts.</summary>
[TestClass]
public class CachedLayoutTests
{
    public static IEnumerable<object[]> Decoders => Cases(".causal-lm");

    public static IEnumerable<object[]> EncoderDecoders => Cases(".seq2seq-lm");

    [TestMethod]
    [DynamicData(nameof(Decoders))]
    public void A_decoder_gives_the_same_scores_token_by_token(string name)
    {
        using var model = (HeadedModel)Case(name).Open(default);
        foreach (var first in new[] { 1, 3 })
            Compare(model, Ids(name), mask: null, first);
    }

    [TestMethod]
    [DynamicData(nameof(Decoders))]
    public void A_decoder_gives_the_same_scores_behind_left_padding(string name)
    {
        using var model = (HeadedModel)Case(name).Open(default);
        using var scope = NewDisposeScope();
        var ids = Ids(name);
        var mask = ones_like(ids);
        mask[0].narrow(0, 0, 2).zero_();
        Compare(model, ids, mask, first: 3);
    }

    [TestMethod]
    [DynamicData(nameof(EncoderDecoders))]
    public void The_decoder_of_an_encoder_decoder_gives_the_same_hidden_states_token_by_token(string name)
    {
        using var model = (HeadedModel)Case(name).Open(default);
        var body = (EncoderDecoderBody)model.Body;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var cache = new KeyValueCache();
        var ids = Ids(name);
        var source = new PaddedLayout(ids);
        var memory = new Memory(body.Encode(ids, source), source);
        var target = ids.flip(1);
        var whole = body.Decode(target, new PaddedLayout(target) { Memory = memory });
        for (var at = 0; at < target.shape[1]; at++)
        {
            var token = target.narrow(1, at, 1);
            AssertClose(whole.narrow(1, at, 1), body.Decode(token, new CachedLayout(cache, token) { Memory = memory }), null);
        }
    }

    [TestMethod]
    public void A_cache_owns_its_tensors()
    {
        using var model = (HeadedModel)Case("gpt_neox.causal-lm").Open(default);
        using var ids = ones(2, 5, ScalarType.Int64);
        var live = new LiveTensors();
        Compare(model, ids, mask: null, first: 1);
        live.AssertUnchanged();
    }

    // The first tokens in one pass, then the others one by one.
    private static void Compare(HeadedModel model, Tensor ids, Tensor? mask, int first)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var cache = new KeyValueCache();
        ids = ids.alias();
        var whole = Scores(ids, mask, new PaddedLayout(ids, mask));
        for (var at = 0; at < ids.shape[1];)
        {
            var count = at == 0 ? first : 1;
            var (tokens, seen) = (ids.narrow(1, at, count), mask?.narrow(1, 0, at + count));
            AssertClose(whole.narrow(1, at, count), Scores(tokens, seen, new CachedLayout(cache, tokens, seen)), mask?.narrow(1, at, count));
            at += count;
            Assert.AreEqual(at, cache.Length);
        }

        Tensor Scores(Tensor tokens, Tensor? seen, TokenLayout layout)
        {
            var batch = new Batch { Size = (int)tokens.shape[0], ["input_ids"] = tokens };
            if (seen is not null)
                batch["attention_mask"] = seen;
            return model.Forward(batch, layout).Logits;
        }
    }

    private static IEnumerable<object[]> Cases(string head) =>
        GoldenFolder.Cases("models", ModelCase.File).Select(Path.GetFileName).Where(name => name!.EndsWith(head, StringComparison.Ordinal)).Select(name => new object[] { name! });

    private static ModelCase Case(string name) => new(Path.Combine(GoldenFolder.Path, "models", name));

    private static Tensor Ids(string name)
    {
        using var batch = Case(name).Batch();
        return batch.Get("input_ids").clone();
    }

    private static void AssertClose(Tensor expected, Tensor actual, Tensor? mask)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        var difference = (expected - actual).abs();
        if (mask is not null)
            difference = difference * mask.unsqueeze(-1);
        Assert.AreEqual(0, difference.max().item<float>(), 1e-5);
    }
}
