using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public sealed class ModelErrorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("hidden_size", "null", "\"hidden_size\" is missing")]
    [DataRow("hidden_size", "\"big\"", "\"hidden_size\" is \"big\"")]
    [DataRow("hidden_size", "0", "\"hidden_size\" is 0")]
    [DataRow("num_attention_heads", "5", "does not divide hidden_size")]
    [DataRow("vocab_size", "null", "\"vocab_size\" is missing")]
    [DataRow("model_type", null, "\"model_type\" is missing")]
    [DataRow("model_type", "\"bertt\"", "not a registered architecture; it should be one of ")]
    [DataRow("hidden_act", "\"gelo\"", "activation 'gelo'")]
    [DataRow("hidden_dropout_prob", "1.5", "a probability from 0 to 1")]
    [DataRow("problem_type", "\"guess\"", "one of single_label_classification")]
    [DataRow("id2label", "{\"a\":\"0\"}", "\"id2label\" has the key \"a\"")]
    public void A_field_that_is_wrong_is_named_with_its_file(string field, string? value, string expected)
    {
        CopyModel();
        var path = Path.Combine(_folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        if (value is null)
            config.Remove(field);
        else
            config[field] = JsonNode.Parse(value);
        File.WriteAllText(path, config.ToJsonString());
        var failure = Assert.ThrowsExactly<InvalidDataException>(Load);
        Assert.Contains(path, failure.Message);
        Assert.Contains(expected, failure.Message);
    }

    [TestMethod]
    public void A_folder_without_configuration_says_what_a_model_folder_holds()
    {
        var failure = Assert.ThrowsExactly<FileNotFoundException>(Load);
        Assert.Contains(_folder, failure.Message);
        Assert.Contains("config.json", failure.Message);
    }

    [TestMethod]
    public void A_folder_without_weights_names_the_files_looked_for()
    {
        CopyModel();
        File.Delete(Path.Combine(_folder, "model.safetensors"));
        Assert.Contains("model.safetensors", Assert.ThrowsExactly<FileNotFoundException>(Load).Message);
    }

    [TestMethod]
    public void Broken_json_is_located()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{\n\"model_type\": }");
        Assert.Contains("line 2", Assert.ThrowsExactly<InvalidDataException>(Load).Message);
    }

    [TestMethod]
    public void Weights_cut_short_are_refused()
    {
        CopyModel();
        var path = Path.Combine(_folder, "model.safetensors");
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 10);
        Assert.Contains(path, Assert.ThrowsExactly<InvalidDataException>(Load).Message);
    }

    [TestMethod]
    [DataRow("distilbert-base-uncased", "the hub is not asked because HF_HUB_OFFLINE is set")]
    [DataRow("org/name", "the hub is not asked because HF_HUB_OFFLINE is set")]
    [DataRow("./nowhere/at/all", "not a folder")]
    public void A_name_that_is_no_folder_is_explained(string model, string expected)
    {
        var failure = Assert.Throws<IOException>(() => AutoModelForSequenceClassification.FromPretrained(model));
        Assert.Contains($"'{model}'", failure.Message);
        Assert.Contains(expected, failure.Message);
    }

    [TestMethod]
    public void A_missing_folder_that_could_be_an_id_is_named_with_its_path()
    {
        var failure = Assert.ThrowsExactly<HubException>(() => AutoModelForSequenceClassification.FromPretrained("models/bert"));
        Assert.Contains($"there is no folder {Path.GetFullPath("models/bert")}.", failure.Message);
        Assert.AreEqual("models/bert", failure.Repository);
        Assert.Contains(Path.GetFullPath("models/bert"), Assert.ThrowsExactly<HubException>(() => HfTokenizer.FromPretrained("models/bert")).Message);
    }

    [TestMethod]
    public void Label_names_are_kept_in_the_configuration()
    {
        using var model = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder, new() { Labels = ["bad", "fair", "good"] });
        CollectionAssert.AreEqual(new[] { "bad", "fair", "good" }, model.Config.Labels.ToList());
        Assert.Contains("\"good\": 2", System.Text.Encoding.UTF8.GetString(model.Config.ToJson()));
    }

    private void CopyModel()
    {
        foreach (var file in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(TinyBert.Folder, file), Path.Combine(_folder, file));
    }

    private void Load() => AutoModelForSequenceClassification.FromPretrained(_folder).Dispose();
}
