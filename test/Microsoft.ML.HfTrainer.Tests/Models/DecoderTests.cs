using System.Text;
using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public class DecoderTests
{
    private static readonly string[] _types = ["llama", "mistral", "qwen2", "qwen3", "phi3", "gemma2", "gemma3_text"];

    public static IEnumerable<object[]> Types => _types.Select(t => new object[] { t });

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_packed_batch_gives_what_a_padded_one_gives(string type)
    {
        using var model = Model(type);
        AssertClose(Run(model, packed: false), Run(model, packed: true), 1e-5f);
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Layers_that_are_computed_again_give_the_same_gradients_and_leave_no_tensor(string type)
    {
        using var model = Model(type);
        model.train();
        var live = new LiveTensors();
        var expected = Run(model, packed: false);
        using (var recomputation = new Recomputation())
        {
            model.UseRecomputation(recomputation);
            AssertClose(expected, Run(model, packed: false, recomputation), 0);
        }
        model.UseRecomputation(null);
        model.zero_grad(set_to_none: true);
        live.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void No_token_sees_a_later_one(string type)
    {
        using var scope = NewDisposeScope();
        using var model = Model(type, ModelHead.CausalLM);
        Tensor Logits(params int[] ids) => model.call(new Batch { ["input_ids"] = tensor(ids, ScalarType.Int64).unsqueeze(0) }).Logits;
        var (logits, changed) = (Logits(7, 8, 9, 10, 11), Logits(7, 8, 9, 99, 11));
        Assert.IsTrue(logits.narrow(1, 0, 3).equal(changed.narrow(1, 0, 3)).all().item<bool>());
        Assert.IsFalse(logits.narrow(1, 3, 2).allclose(changed.narrow(1, 3, 2)));
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Texts_that_share_a_row_do_not_see_each_other(string type)
    {
        using var scope = NewDisposeScope();
        using var model = Model(type, ModelHead.CausalLM);
        Tensor Logits(int[] ids, params int[] positions) =>
            model.call(new Batch { ["input_ids"] = tensor(ids, ScalarType.Int64).unsqueeze(0), ["position_ids"] = tensor(positions, ScalarType.Int64).unsqueeze(0) }).Logits;
        var apart = cat([Logits([7, 8, 9, 10, 11, 12], 0, 1, 2, 3, 4, 5), Logits([20, 21, 22], 0, 1, 2)], 1);
        var together = Logits([7, 8, 9, 10, 11, 12, 20, 21, 22], 0, 1, 2, 3, 4, 5, 0, 1, 2);
        Assert.IsLessThan(1e-5f, (together - apart).abs().max().item<float>());
    }

    [TestMethod]
    [DataRow("qwen3", "is_causal", "false")]
    [DataRow("mistral", "is_causal", "false")]
    [DataRow("gemma3_text", "use_bidirectional_attention", "true")]
    public void One_that_was_made_into_an_encoder_looks_both_ways(string type, string field, string value)
    {
        var config = Config(type);
        config.Set(field, System.Text.Json.Nodes.JsonNode.Parse(value));
        using var model = AutoModelForSequenceClassification.FromConfig(config);
        AssertClose(Run(model, packed: false), Run(model, packed: true), 1e-5f);
        using var hidden = AutoModel.FromConfig(config);
        using var scope = NewDisposeScope();
        Tensor States(params int[] ids) => hidden.call(new Batch { ["input_ids"] = tensor(ids, ScalarType.Int64).unsqueeze(0) }).LastHiddenState!;
        Assert.IsFalse(States(7, 8, 9, 10, 11).narrow(1, 0, 1).allclose(States(7, 8, 9, 99, 11).narrow(1, 0, 1)));
    }

    [TestMethod]
    [DataRow("llama", "num_attention_heads", "5", "\"num_key_value_heads\" is 2, which does not divide num_attention_heads 5")]
    [DataRow("llama", "num_key_value_heads", "3", "which does not divide num_attention_heads 4")]
    [DataRow("llama", "head_dim", "0", "\"head_dim\" is 0")]
    [DataRow("llama", "head_dim", "7", "leaves 7 of 7 elements")]
    [DataRow("llama", "pad_token_id", "120", "\"pad_token_id\" is 120")]
    [DataRow("llama", "hidden_act", "\"gelo\"", "activation 'gelo'")]
    [DataRow("mistral", "sliding_window", "0", "\"sliding_window\" is 0")]
    [DataRow("qwen2", "layer_types", "[\"full_attention\"]", "\"layer_types\" has 1 entries")]
    [DataRow("qwen2", "layer_types", "[\"full_attention\", \"half_attention\", \"full_attention\"]", "\"layer_types\" has \"half_attention\"")]
    [DataRow("qwen3", "layer_types", "[\"full_attention\", \"sliding_attention\", \"full_attention\"]", "\"sliding_window\" is missing, or switched off")]
    [DataRow("gemma2", "query_pre_attn_scalar", "0", "\"query_pre_attn_scalar\" is 0")]
    [DataRow("gemma3_text", "sliding_window_pattern", "0", "\"sliding_window_pattern\" is 0")]
    public void A_field_that_is_wrong_is_named(string type, string field, string value, string expected)
    {
        var config = Config(type);
        config.Set(field, System.Text.Json.Nodes.JsonNode.Parse(value));
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromConfig(config)).Message);
    }

    private static PretrainedModel Model(string type, ModelHead head = ModelHead.SequenceClassification)
    {
        using var kept = new GeneratorState();
        random.manual_seed(3);
        var model = head == ModelHead.CausalLM ? AutoModelForCausalLM.FromConfig(Config(type)) : AutoModelForSequenceClassification.FromConfig(Config(type));
        return model;
    }

    // A deviation that makes what layers give large enough to differ.
    private static PretrainedConfig Config(string type) => PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes($$"""
        {
          "model_type": "{{type}}", "vocab_size": 120, "hidden_size": 32, "intermediate_size": 52, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
          "max_position_embeddings": 64, "pad_token_id": 0, "sliding_window": 4, "query_pre_attn_scalar": 8, "initializer_range": 0.2, "sliding_window_pattern": 3
        }
        """));

    private static Dictionary<string, float[]> Run(PretrainedModel model, bool packed, Recomputation? recomputation = null)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch([.. new[] { 3, 17, 1, 9 }.Select(length => Enumerable.Range(0, length).Select(i => 5 + 37 * (i + length) % 113).ToArray())]);
        batch.Packed = packed;
        model.zero_grad(set_to_none: true);
        var output = model.call(batch);
        output.Loss!.backward();
        recomputation?.Complete();
        var results = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
        results.Add("logits", output.Logits.data<float>().ToArray());
        return results;
    }

    private static Batch Batch(params int[][] texts) => new DataCollatorWithPadding(0).Collate([.. texts.Select((ids, row) => new Example
    {
        ["input_ids"] = ids,
        ["attention_mask"] = Enumerable.Repeat(1, ids.Length).ToArray(),
        ["labels"] = row % 2,
    })]);

    private static void AssertClose(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, float tolerance)
    {
        foreach (var (name, values) in expected)
            foreach (var (should, was) in values.Zip(actual[name]))
                Assert.AreEqual(should, was, tolerance * (1 + Math.Abs(should)), name);
    }
}
