using System.Globalization;
using System.Text;
using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class RotaryEmbeddingTests
{
    private const int HeadSize = 16;

    // The numbers are those of Hugging Face Transformers.
    [TestMethod]
    [DataRow("""{"rope_type": "linear", "factor": 4.0, "rope_theta": 10000.0}""", 0, 1.0,
        "0.25 0.079056941 0.0250000004 0.00790569466 0.00249999994 0.000790569466 0.000250000012 7.90569466e-05")]
    [DataRow("""{"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0}""", 0, 1.0,
        "1 0.316227764 0.100000001 0.0316227786 0.00999999978 0.00316227786 0.00100000005 0.000316227786")]
    [DataRow("""{"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0}""", 200, 1.0,
        "1 0.249528468 0.0622644536 0.0155367535 0.00387686281 0.000967387517 0.000241390735 6.02338623e-05")]
    [DataRow("""{"rope_type": "yarn", "factor": 8.0, "rope_theta": 10000.0, "original_max_position_embeddings": 32}""", 0, 1.2079441541679836,
        "1 0.177878112 0.0125000002 0.00395284733 0.00124999997 0.000395284733 0.000125000006 3.95284733e-05")]
    [DataRow("""{"rope_type": "yarn", "factor": 40.0, "rope_theta": 10000.0, "original_max_position_embeddings": 2048, "mscale": 1.0, "mscale_all_dim": 0.5, "beta_fast": 16, "beta_slow": 2, "truncate": false}""", 0, 1.1557219901962608,
        "1 0.316227764 0.100000001 0.0251029134 0.00254010479 7.90569466e-05 2.49999994e-05 7.90569447e-06")]
    [DataRow("""{"rope_type": "longrope", "rope_theta": 10000.0, "short_factor": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7], "long_factor": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "original_max_position_embeddings": 32}""", 0, 1.0954451150103321,
        "1 0.287479758 0.0833333358 0.0243252143 0.00714285718 0.00210818532 0.000624999986 0.000186016332")]
    [DataRow("""{"rope_type": "longrope", "rope_theta": 10000.0, "short_factor": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7], "long_factor": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "original_max_position_embeddings": 32}""", 33, 1.0954451150103321,
        "1 0.158113882 0.0333333351 0.00790569466 0.00200000009 0.00052704633 0.000142857141 3.95284733e-05")]
    [DataRow("""{"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32, "rope_theta": 500000.0}""", 0, 1.0,
        "1 0.0242403448 0.00470075384 0.000911583134 0.000176776681 3.42810235e-05 6.64786967e-06 1.28917316e-06")]
    public void Frequencies_are_those_of_Hugging_Face(string fields, long length, double amplitude, string expected)
    {
        var frequencies = Scaling(fields);
        var numbers = expected.Split(' ').Select(n => float.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var actual = frequencies.ByLength(length);
        Assert.HasCount(numbers.Length, actual);
        foreach (var (should, was) in numbers.Zip(actual))
            Assert.AreEqual(1, was / should, 1e-6);
        Assert.AreEqual(amplitude, frequencies.Amplitude, 1e-12);
    }

    [TestMethod]
    [DataRow("""{ "rope_scaling": { "type": "linear", "factor": 4 }, "rope_theta": 500 }""", """{ "rope_parameters": { "rope_type": "linear", "factor": 4.0, "rope_theta": 500.0 } }""")]
    [DataRow("""{ "rope_theta": 500 }""", """{ "rope_parameters": { "rope_type": "default", "rope_theta": 500 } }""")]
    [DataRow("""{ "rope_scaling": null, "partial_rotary_factor": 0.5 }""", """{ "rope_parameters": { "partial_rotary_factor": 0.5 } }""")]
    public void Old_and_new_fields_give_the_same_rotation(string old, string recent)
    {
        var (before, after) = (RotaryEmbedding.FromConfig(Config(old), HeadSize), RotaryEmbedding.FromConfig(Config(recent), HeadSize));
        using var scope = NewDisposeScope();
        var layout = Layout(7);
        Assert.IsTrue(before.At(layout, ScalarType.Float32).CosinesAndSines.equal(after.At(layout, ScalarType.Float32).CosinesAndSines).all().item<bool>());
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.5)]
    public void Products_of_rotated_vectors_depend_on_relative_positions_alone(double partialFactor)
    {
        using var scope = NewDisposeScope();
        var rotation = RotaryEmbedding.FromConfig(Config("{}"), HeadSize, partialFactor).At(Layout(12), ScalarType.Float32);
        using var generator = new Generator(3);
        var (query, key) = (rand(HeadSize, generator: generator), rand(HeadSize, generator: generator));
        var queries = rotation.Apply(query.expand(1, 12, 2, HeadSize));
        var keys = rotation.Apply(key.expand(1, 12, 2, HeadSize));
        float Product(int at, int from) => queries[0, at, 1].dot(keys[0, from, 1]).item<float>();
        Assert.AreEqual(query.dot(key).item<float>(), Product(5, 5), 1e-5);
        Assert.AreEqual(Product(3, 1), Product(11, 9), 1e-5);
        Assert.AreNotEqual(Product(3, 1), Product(4, 1), 1e-3);
        var left = (int)(HeadSize * partialFactor);
        Assert.IsTrue(queries[0, 7, 0].narrow(0, left, HeadSize - left).equal(query.narrow(0, left, HeadSize - left)).all().item<bool>());
    }

    [TestMethod]
    [DataRow("""{ "rope_scaling": { "type": "spiral" } }""", "\"rope_type\" is \"spiral\"")]
    [DataRow("""{ "rope_scaling": { "type": "linear" } }""", "\"factor\" is missing")]
    [DataRow("""{ "rope_scaling": { "type": "linear", "factor": 0 } }""", "\"factor\" is 0")]
    [DataRow("""{ "rope_scaling": { "type": "longrope", "short_factor": [1, 2], "long_factor": [1, 2] } }""", "\"short_factor\" has 2 numbers")]
    [DataRow("""{ "rope_scaling": { "type": "longrope", "short_factor": "one" } }""", "\"short_factor\" is \"one\"")]
    [DataRow("""{ "rope_scaling": { "type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4 } }""", "\"high_freq_factor\" is 4")]
    [DataRow("""{ "rope_scaling": [] }""", "\"rope_scaling\" is []")]
    [DataRow("""{ "rope_theta": -1 }""", "\"rope_theta\" is -1")]
    [DataRow("""{ "partial_rotary_factor": 2 }""", "\"partial_rotary_factor\" is 2")]
    [DataRow("""{ "partial_rotary_factor": 0.2 }""", "leaves 3 of 16")]
    public void A_field_that_is_wrong_is_named(string fields, string expected) =>
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => RotaryEmbedding.FromConfig(Config(fields), HeadSize)).Message);

    private static RotaryFrequencies Scaling(string fields)
    {
        var config = Config($$"""{ "rope_parameters": {{fields}} }""");
        return RotaryScaling.Frequencies(config, config.Section("rope_parameters"), HeadSize, 10_000, 1);
    }

    private static PretrainedConfig Config(string json)
    {
        var config = PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes(json));
        config.Set("max_position_embeddings", 64);
        return config;
    }

    private static PaddedLayout Layout(int length) => new(new Batch { ["input_ids"] = zeros(1, length, dtype: ScalarType.Int64) });
}
