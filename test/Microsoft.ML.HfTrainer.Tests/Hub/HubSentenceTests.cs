using Microsoft.ML.HfTrainer.Tests.Models;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>Models of sentence-transformers from the hub: their modules come with them.</summary>
[TestClass]
public sealed class HubSentenceTests : HubTest
{
    private const int Outputs = 3;

    private FromPretrainedOptions Model => new() { Settings = Settings };

    [TestMethod]
    [DataRow("")]
    [DataRow("0_Transformer")]
    public void TheModulesComeWithTheModel(string folder)
    {
        var size = PretrainedConfig.FromPretrained(TinyBert.Folder).GetSize("hidden_size");
        SentenceFolder.Write(this["source"], ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(size, "cls_token")), ("Dense", SentenceFolder.Dense(size, Outputs)), ("Normalize", ""));
        SentenceFolder.WriteDense(Path.Combine(this["source"], "2_Dense"), size, Outputs);
        File.WriteAllText(Path.Combine(this["source"], "modules.json"), File.ReadAllText(Path.Combine(this["source"], "modules.json")).Replace("\"path\":\"\"", $"\"path\":\"{folder}\""));
        File.WriteAllText(Path.Combine(this["source"], "config_sentence_transformers.json"), """{ "prompts": { "query": "q: " } }""");
        File.WriteAllText(Path.Combine(SentenceFolder.Copy(TinyBert.Folder, Path.Combine(this["source"], folder)), "sentence_bert_config.json"), """{ "max_seq_length": 21 }""");
        File.WriteAllText(Path.Combine(this["source"], "not-needed.txt"), "no");
        AddTree(this["source"]);

        using var model = AutoModelForSentenceEmbedding.FromPretrained("org/tiny", Model);
        var settings = model.SentenceEmbedding!;
        Assert.AreEqual((Outputs, true, 21, "q: "), (settings.Size, settings.Normalize, settings.MaxSeqLength, settings.Prompts["query"]));
        Assert.IsEmpty(Hub.For("not-needed.txt"));
        using var local = AutoModelForSentenceEmbedding.FromPretrained(this["source"]);
        CollectionAssert.AreEqual(TinyBert.Weights(local)["2_Dense.linear.weight"], TinyBert.Weights(model)["2_Dense.linear.weight"]);

        // Once it is there, it needs the hub no more.
        using var again = AutoModelForSentenceEmbedding.FromPretrained("org/tiny", Model with { LocalFilesOnly = true });
        Assert.AreEqual(Outputs, again.SentenceEmbedding!.Size);
    }

    [TestMethod]
    public void AModelWithoutModulesIsOneToo()
    {
        AddTree(SentenceFolder.Copy(TinyBert.Folder, this["source"]));
        using var model = AutoModelForSentenceEmbedding.FromPretrained("org/tiny", Model);
        CollectionAssert.AreEqual(new[] { EmbeddingPooling.Mean }, model.SentenceEmbedding!.Pooling.ToList());
    }

    [TestMethod]
    public void ACacheThatDoesNotKnowOfModulesIsNotTakenForAModelWithoutThem()
    {
        AddTree(SentenceFolder.Copy(TinyBert.Folder, this["source"]));
        AutoModel.FromPretrained("org/tiny", Model).Dispose();
        var local = Model with { LocalFilesOnly = true };
        Assert.Contains("modules.json", Assert.ThrowsExactly<HubException>(() => AutoModelForSentenceEmbedding.FromPretrained("org/tiny", local)).Message);
        AutoModelForSentenceEmbedding.FromPretrained("org/tiny", Model).Dispose();
        AutoModelForSentenceEmbedding.FromPretrained("org/tiny", local).Dispose();
    }

    [TestMethod]
    public void AModuleThatIsNotKnownIsNamedBeforeWeightsCome()
    {
        AddTree(SentenceFolder.Copy(TinyBert.Folder, this["source"]));
        Hub.Add("modules.json", """[{ "path": "", "type": "sentence_transformers.models.Transformer" }, { "path": "1_CNN", "type": "sentence_transformers.models.CNN" }]""");
        Assert.Contains("sentence_transformers.models.CNN", Assert.ThrowsExactly<NotSupportedException>(() => AutoModelForSentenceEmbedding.FromPretrained("org/tiny", Model)).Message);
        Assert.IsEmpty(Hub.For("model.safetensors"));
    }

    [TestMethod]
    public void WeightsOfALayerThatAreNotThereAreNamed()
    {
        var size = PretrainedConfig.FromPretrained(TinyBert.Folder).GetSize("hidden_size");
        SentenceFolder.Write(SentenceFolder.Copy(TinyBert.Folder, this["source"]), ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(size, "cls_token")), ("Dense", SentenceFolder.Dense(size, Outputs)));
        AddTree(this["source"]);
        Assert.Contains("2_Dense/model.safetensors", Assert.ThrowsExactly<HubException>(() => AutoModelForSentenceEmbedding.FromPretrained("org/tiny", Model)).Message);
    }

    private void AddTree(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            Hub.Add(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes(file), file.EndsWith(".safetensors", StringComparison.Ordinal));
    }
}
