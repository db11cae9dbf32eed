using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Encoders whose layers share tensors of positions, with options that no reference checkpoint sets.</summary>
[TestClass]
public class EncoderTests
{
    private const string Common = """
        "vocab_size": 50, "hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 2, "num_hidden_layers": 3, "max_position_embeddings": 32, "pad_token_id": 0
        """;

    public static IEnumerable<object[]> Configurations =>
    [
        ["MPNet", $$"""{ "model_type": "mpnet", "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0, {{Common.Replace("_id\": 0", "_id\": 1")}} }"""],
        ["groups of ALBERT", $$"""{ "model_type": "albert", "embedding_size": 8, "num_hidden_groups": 2, "inner_group_num": 2, "classifier_dropout_prob": 0, {{Common}} }"""],
        ["DeBERTa without distances", Deberta("")],
        ["distances of queries", Deberta("""
            "relative_attention": true, "pos_att_type": "c2p", "max_relative_positions": 4, "position_biased_input": false,
            """)],
        ["distances of keys", Deberta("""
            "relative_attention": true, "pos_att_type": ["p2c"], "position_buckets": 4, "share_att_key": true, "type_vocab_size": 2,
            """)],
        ["a convolution over embeddings of another size", Deberta("""
            "relative_attention": true, "pos_att_type": ["p2c", "c2p"], "position_buckets": 4, "norm_rel_ebd": "layer_norm", "conv_kernel_size": 3, "embedding_size": 8,
            """)],
        ["ModernBERT", """{ "model_type": "modernbert", "local_attention": 6, "global_attn_every_n_layers": 2, "classifier_pooling": "mean", "norm_bias": true, """ + Common + " }"],
    ];

    public static string Name(System.Reflection.MethodInfo method, object[] row) => $"{method.Name} ({row[0]})";

    [TestMethod]
    [DynamicData(nameof(Configurations), DynamicDataDisplayName = nameof(Name))]
    public void Without_padding_or_computed_again_every_number_is_the_same(string name, string config)
    {
        using var model = Model(config);
        model.train();
        var live = new LiveTensors();
        var expected = Gradients(model, packed: false);
        AssertClose(name, expected, Gradients(model, packed: true));
        using (var recomputation = new Recomputation())
        {
            model.UseRecomputation(recomputation, everyNLayers: 2);
            AssertClose(name, expected, Gradients(model, packed: false, recomputation));
            AssertClose(name, expected, Gradients(model, packed: true, recomputation));
        }
        model.zero_grad(set_to_none: true);
        live.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Configurations), DynamicDataDisplayName = nameof(Name))]
    public void Both_ways_of_computing_attention_agree(string name, string config)
    {
        using var fused = Model(config);
        using var eager = Model(config, AttentionImplementation.Eager);
        AssertClose(name, Gradients(fused, packed: false), Gradients(eager, packed: false));
        AssertClose(name, Gradients(fused, packed: true), Gradients(eager, packed: true));
    }

    [TestMethod]
    public void Far_distances_share_buckets_on_a_logarithmic_scale()
    {
        using var scope = NewDisposeScope();
        var distances = tensor(new long[] { 0, 127, 128, 129, 200, 300, 511, -127, -200, -511 });
        CollectionAssert.AreEqual(new long[] { 0, 127, 128, 129, 169, 207, 255, -127, -169, -255 }, DistanceTable.Bucket(distances, 256, 512).data<long>().ToArray());
    }

    [TestMethod]
    public void New_weights_of_ModernBert_are_cut_off_and_narrower_behind_a_residual()
    {
        using var model = Model("""{ "model_type": "modernbert", """ + Common + " }", noise: 0);
        using var scope = NewDisposeScope();
        foreach (var (name, deviation) in new[] { ("model.layers.1.mlp.Wi.weight", 0.02), ("model.layers.1.mlp.Wo.weight", 0.02 / Math.Sqrt(6)), ("classifier.weight", 0.25) })
        {
            var weight = model.get_parameter(name)!;
            var largest = weight.abs().max().item<float>();
            Assert.IsTrue(largest <= 2 * deviation * 1.0001 && largest > deviation, $"{name}: {largest}");
        }
    }

    private static string Deberta(string fields) => $$"""{ "model_type": "deberta-v2", "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0, {{fields}} {{Common}} }""";

    private static PretrainedModel Model(string config, AttentionImplementation attention = default, double noise = 0.2)
    {
        using var kept = new GeneratorState();
        random.manual_seed(3);
        var model = AutoModelForSequenceClassification.FromConfig(PretrainedConfig.Parse("here", System.Text.Encoding.UTF8.GetBytes(config)), new FromPretrainedOptions { NumLabels = 3, Attention = attention });
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (_, parameter) in model.named_parameters())
            parameter.add_(randn(parameter.shape) * noise);
        return model;
    }

    private static Dictionary<string, float[]> Gradients(PretrainedModel model, bool packed, Recomputation? recomputation = null)
    {
        using var scope = NewDisposeScope();
        var texts = new Random(4);
        using var batch = new DataCollatorWithPadding((int)model.Config.GetInt("pad_token_id")).Collate([.. new[] { 3, 14, 1, 9 }.Select((length, i) => new Example
        {
            ["input_ids"] = Enumerable.Range(0, length).Select(_ => texts.Next(5, 49)).ToArray(),
            ["token_type_ids"] = Enumerable.Range(0, length).Select(place => place % 2).ToArray(),
            ["attention_mask"] = Enumerable.Repeat(1, length).ToArray(),
            ["labels"] = i % 3,
        })]);
        batch.Packed = packed;
        model.zero_grad(set_to_none: true);
        var output = model.call(batch);
        output.Loss!.backward();
        recomputation?.Complete();
        var numbers = model.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
        numbers["logits"] = output.Logits.data<float>().ToArray();
        return numbers;
    }

    private static void AssertClose(string what, Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        foreach (var (name, numbers) in expected)
            foreach (var (should, was) in numbers.Zip(actual[name]))
                Assert.AreEqual(should, was, 1e-5 + 1e-4 * Math.Abs(should), $"{what}: {name}");
    }
}
