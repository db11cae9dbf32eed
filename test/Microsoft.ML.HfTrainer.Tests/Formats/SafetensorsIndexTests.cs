using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class SafetensorsIndexTests
{
    private const string Name = "model.safetensors.index.json";

    [TestMethod]
    public void ReadsAnIndex()
    {
        SafetensorsIndex index = Read("""
            {"metadata": {"total_parameters": 3, "total_size": 24, "other": {"x": [1]}}, "unknown": [{}],
             "weight_map": {"b": "model-00002-of-00002.safetensors", "a": "model-00001-of-00002.safetensors", "c": "model-00002-of-00002.safetensors"}}
            """);

        Assert.AreEqual(24L, index.TotalSize);
        Assert.AreEqual("b,a,c", string.Join(',', index.WeightMap.Keys));
        Assert.AreEqual("model-00001-of-00002.safetensors,model-00002-of-00002.safetensors", string.Join(',', index.Files));
    }

    [TestMethod]
    [DataRow("", null)]
    [DataRow("\"metadata\": null,", null)]
    [DataRow("\"metadata\": {},", null)]
    [DataRow("\"metadata\": {\"total_size\": 13476839424.0},", 13476839424L)]
    public void TheTotalSizeIsNotNeeded(string metadata, long? expected) =>
        Assert.AreEqual(expected, Read($"{{{metadata}\"weight_map\":{{\"a\":\"a.safetensors\"}}}}").TotalSize);

    [TestMethod]
    [DataRow("../a.safetensors")]
    [DataRow("..\\\\a.safetensors")]
    [DataRow("/etc/a.safetensors")]
    [DataRow("\\\\\\\\host\\\\share\\\\a.safetensors")]
    [DataRow("C:a.safetensors")]
    [DataRow("C:\\\\a.safetensors")]
    [DataRow("sub/a.safetensors")]
    [DataRow("a.safetensors:stream.safetensors")]
    [DataRow("a\\u0000.safetensors")]
    [DataRow("..")]
    [DataRow("")]
    [DataRow(".safetensors")]
    [DataRow("pytorch_model.bin")]
    [DataRow("a.safetensors ")]
    public void RefusesFilesOutsideTheFolder(string file)
    {
        string message = AssertRefused($"{{\"weight_map\":{{\"fine\":\"a.safetensors\",\"layer.weight\":\"{file}\"}}}}", "\"layer.weight\"", "plain name");
        if (!file.Contains('\\'))
        {
            StringAssert.Contains(message, $"\"{file}\"");
        }
    }

    [TestMethod]
    [DataRow("", "not valid JSON")]
    [DataRow("[]", "is an array")]
    [DataRow("{}", "no weight_map")]
    [DataRow("{\"weight_map\":{}}", "empty")]
    [DataRow("{\"weight_map\":[]}", "weight_map is an array")]
    [DataRow("{\"weight_map\":{\"a\":1}}", "the number 1 under \"a\"")]
    [DataRow("{\"weight_map\":{\"a\":\"a.safetensors\",\"a\":\"b.safetensors\"}}", "the key \"a\" twice")]
    [DataRow("{\"weight_map\":{\"a\":\"a.safetensors\"},\"weight_map\":{\"a\":\"a.safetensors\"}}", "weight_map stands in the index twice")]
    [DataRow("{\"weight_map\":{\"a\":\"a.safetensors\"}", "not valid JSON")]
    public void RefusesABadIndex(string json, string found) => AssertRefused(json, found);

    private static SafetensorsIndex Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[Name], json);
        return SafetensorsIndex.Read(folder[Name]);
    }

    private static string AssertRefused(string json, params string[] parts)
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Read(json)).Message;
        StringAssert.Contains(message, Name);
        foreach (string part in parts)
        {
            StringAssert.Contains(message, part);
        }

        return message;
    }
}
