using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Sentences;
using Microsoft.ML.HfTrainer.Tests.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

/// <summary>The one rule for names of files, and each place that applies it to names from untrusted sources.</summary>
[TestClass]
public sealed class FileNamesTests
{
    [TestMethod]
    [DataRow("config.json")]
    [DataRow("onnx/model_fp16.onnx")]
    [DataRow("refs/pr/1")]
    [DataRow("v1.0-b+x")]
    [DataRow("console.txt")]
    [DataRow("a b/..c")]
    public void PlainNamesAreAccepted(string name)
    {
        Assert.AreEqual(name, string.Join('/', FileNames.Parts(name, "file")));
        Assert.AreEqual(!name.Contains('/'), FileNames.IsSafe(name));
    }

    [TestMethod]
    [DataRow("../config.json")]
    [DataRow("a/../../b")]
    [DataRow("a/..")]
    [DataRow("..")]
    [DataRow(".")]
    [DataRow("/etc/passwd")]
    [DataRow("a//b")]
    [DataRow("a/")]
    [DataRow("")]
    [DataRow("C:/Windows/x")]
    [DataRow("C:evil.json")]
    [DataRow("..\\x")]
    [DataRow("\\\\server\\share")]
    [DataRow("file:stream")]
    [DataRow("nul")]
    [DataRow("a/CON")]
    [DataRow("aux.json")]
    [DataRow("Com1.tar.gz")]
    [DataRow("lpt9 .x")]
    [DataRow("a./b")]
    [DataRow("a /b")]
    [DataRow("a\0b")]
    [DataRow("a\nb")]
    [DataRow("a?b")]
    public void NamesThatLeadElsewhereAreRefused(string name)
    {
        Assert.ThrowsExactly<InvalidDataException>(() => FileNames.Parts(name, "file"));
        Assert.IsFalse(FileNames.IsSafe(name));
    }

    [TestMethod]
    public void ANameHasAtMost255Characters()
    {
        Assert.IsTrue(FileNames.IsSafe(new string('a', 255)));
        Assert.IsFalse(FileNames.IsSafe(new string('a', 256)));
    }

    [TestMethod]
    [DataRow("C:evil")]
    [DataRow("nul")]
    [DataRow("/evil")]
    [DataRow("../evil")]
    [DataRow("..\\evil")]
    public void AWeightIndexCannotNameAFileElsewhere(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["index.json"], new JsonObject { ["weight_map"] = new JsonObject { ["a"] = $"{name}.safetensors" } }.ToJsonString());
        Assert.Contains("weight_map", Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsIndex.Read(folder["index.json"])).Message);
    }

    [TestMethod]
    [DataRow("C:evil.json")]
    [DataRow("nul")]
    [DataRow("/evil.json")]
    [DataRow("../evil.json")]
    [DataRow("additional_chat_templates/../evil.jinja")]
    [DataRow("additional_chat_templates/C:evil.jinja")]
    public void ATokenizerCannotHaveAFileElsewhere(string name)
    {
        var files = TinyTokenizer.Files();
        files[name] = [];
        Assert.Contains(name, Assert.ThrowsExactly<ArgumentException>(() => HfTokenizer.FromFiles("tiny", files)).Message);
    }

    [TestMethod]
    [DataRow("C:evil")]
    [DataRow("nul")]
    [DataRow("/evil")]
    [DataRow("../evil")]
    public void AListOfModulesCannotNameAFolderElsewhere(string name)
    {
        using var folder = new TemporaryFolder();
        var module = new JsonObject { ["path"] = name, ["type"] = "sentence_transformers.models.Transformer" };
        File.WriteAllText(folder["modules.json"], new JsonArray(module).ToJsonString());
        Assert.Contains("plain name", Assert.ThrowsExactly<InvalidDataException>(() => SentenceModuleList.Read(folder["modules.json"])).Message);
    }
}
