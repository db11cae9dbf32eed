using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public sealed class SavingTests : IDisposable
{
    private const long ShardSize = 40_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_large_model_is_split_and_its_index_names_every_weight()
    {
        using var model = Model();
        model.SavePretrained(_folder.Path, ShardSize);
        var index = SafetensorsIndex.Read(_folder[WeightFiles.IndexName]);
        Assert.IsGreaterThan(1, index.Files.Count);
        Assert.AreEqual($"model-00001-of-{index.Files.Count:00000}.safetensors", index.Files[0]);
        Assert.AreEqual(model.parameters().Sum(p => p.numel() * 4), index.TotalSize);
        CollectionAssert.AreEquivalent(model.named_parameters().Select(p => p.name).ToList(), index.WeightMap.Keys.ToList());
        foreach (var file in index.Files)
            using (var shard = SafetensorsFile.Open(_folder[file]))
                Assert.IsTrue(shard.Entries.Count == 1 || shard.Entries.Values.Sum(e => e.ByteLength) <= ShardSize, file);
        AssertSame(model);
    }

    [TestMethod]
    public void A_save_leaves_one_model_in_the_folder_whatever_was_there()
    {
        using var model = Model();
        File.WriteAllText(_folder["model-notes.safetensors.txt"], "mine");
        model.SavePretrained(_folder.Path);
        foreach (var (size, single) in new[] { (ShardSize, false), (ShardSize / 2, false), (PretrainedModel.DefaultMaxShardSize, true) })
        {
            model.SavePretrained(_folder.Path, size);
            string[] expected = single ? [WeightFiles.SingleName] : [.. SafetensorsIndex.Read(_folder[WeightFiles.IndexName]).Files, WeightFiles.IndexName];
            CollectionAssert.AreEquivalent(expected.Append("model-notes.safetensors.txt").ToList(), Directory.GetFiles(_folder.Path, "model*").Select(Path.GetFileName).ToList());
            AssertSame(model);
        }
    }

    [TestMethod]
    public void Fields_and_files_that_mean_nothing_here_are_kept()
    {
        var source = Copy(config => config["unknown"] = new JsonObject { ["b"] = 1, ["a"] = "é" });
        File.WriteAllText(Path.Combine(source, "generation_config.json"), """{ "max_length": 3 }""");
        using var model = AutoModelForSequenceClassification.FromPretrained(source);
        model.SavePretrained(_folder.Path);
        Assert.AreEqual("""{ "max_length": 3 }""", File.ReadAllText(_folder["generation_config.json"]));
        Assert.Contains("\"unknown\": {\n    \"a\": \"\\u00e9\",\n    \"b\": 1\n  }", File.ReadAllText(_folder["config.json"]));
    }

    [TestMethod]
    public void Configurations_of_the_original_are_written_byte_for_byte()
    {
        var cases = GoldenFolder.Cases("models", ModelCase.File);
        Assert.IsNotEmpty(cases);
        foreach (var folder in cases)
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folder, PretrainedConfig.FileName)), PretrainedConfig.FromPretrained(folder).ToJson(), folder);
    }

    [TestMethod]
    public void A_model_in_16_bits_says_so()
    {
        using var model = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder, new() { DType = ModelDType.BFloat16 });
        Assert.IsTrue(model.parameters().All(p => p.dtype == torch.ScalarType.BFloat16));
        model.SavePretrained(_folder.Path);
        Assert.Contains("\"dtype\": \"bfloat16\"", File.ReadAllText(_folder["config.json"]));
        using (var file = SafetensorsFile.Open(_folder[WeightFiles.SingleName]))
            Assert.IsTrue(file.Entries.Values.All(e => e.DType == SafetensorsDType.BF16));
        using var again = AutoModelForSequenceClassification.FromPretrained(_folder.Path, new() { DType = ModelDType.Auto });
        foreach (var (one, other) in model.parameters().Zip(again.parameters()))
            CollectionAssert.AreEqual(one.bytes.ToArray(), other.bytes.ToArray());
        using var wide = AutoModelForSequenceClassification.FromPretrained(_folder.Path);
        Assert.IsTrue(wide.parameters().All(p => p.dtype == torch.ScalarType.Float32));
    }

    [TestMethod]
    [DataRow("\"torch.float16\"", torch.ScalarType.Float16)]
    [DataRow("null", torch.ScalarType.Float32)]
    public void The_type_may_stand_under_its_older_name_or_in_the_file_alone(string value, torch.ScalarType expected)
    {
        var source = Copy(config =>
        {
            config.Remove("dtype");
            config["torch_dtype"] = JsonNode.Parse(value);
        });
        using var model = AutoModelForSequenceClassification.FromPretrained(source, new() { DType = ModelDType.Auto });
        Assert.IsTrue(model.parameters().All(p => p.dtype == expected));
    }

    [TestMethod]
    public void A_type_that_is_none_is_named()
    {
        var source = Copy(config => config["dtype"] = "float33");
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromPretrained(source, new() { DType = ModelDType.Auto }));
        Assert.Contains("\"dtype\" is \"float33\"; it should be one of float32, bfloat16", failure.Message);
    }

    [TestMethod]
    public void An_index_that_leaves_the_folder_is_refused()
    {
        var source = Copy(_ => { });
        File.Delete(Path.Combine(source, WeightFiles.SingleName));
        foreach (var (index, extension) in new[] { (WeightFiles.IndexName, ".safetensors"), ("pytorch_model.bin.index.json", ".bin") })
        {
            foreach (var file in new[] { "../model" + extension, "/etc/model" + extension, "C:model" + extension, "a\\model" + extension, "a/model" + extension })
            {
                File.WriteAllText(Path.Combine(source, index), new JsonObject { ["weight_map"] = new JsonObject { ["a"] = file } }.ToJsonString());
                Assert.Contains("plain name", Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromPretrained(source)).Message);
            }
            File.Delete(Path.Combine(source, index));
        }
    }

    [TestMethod]
    public void What_has_another_shape_is_told_apart_from_what_is_missing()
    {
        using var model = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder, new() { NumLabels = 5, IgnoreMismatchedSizes = true });
        Assert.IsEmpty(model.LoadReport.Missing);
        CollectionAssert.AreEqual(new[] { "classifier.weight", "classifier.bias" }, model.LoadReport.Mismatched.Select(m => m.Name).ToList());
        Assert.Contains("classifier.bias ([3] in the file, [5] here)", model.LoadReport.ToString());
    }

    private static PretrainedModel Model() => AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder);

    private string Copy(Action<JsonObject> change)
    {
        var target = Directory.CreateDirectory(_folder["source"]).FullName;
        foreach (var file in new[] { PretrainedConfig.FileName, WeightFiles.SingleName })
            File.Copy(Path.Combine(TinyBert.Folder, file), Path.Combine(target, file));
        var path = Path.Combine(target, PretrainedConfig.FileName);
        var config = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        change(config);
        File.WriteAllText(path, config.ToJsonString());
        return target;
    }

    private void AssertSame(PretrainedModel model)
    {
        using var again = AutoModelForSequenceClassification.FromPretrained(_folder.Path);
        Assert.IsEmpty(again.LoadReport.ToString());
        foreach (var ((name, one), (_, other)) in model.named_parameters().Zip(again.named_parameters()))
            CollectionAssert.AreEqual(one.bytes.ToArray(), other.bytes.ToArray(), name);
    }
}
