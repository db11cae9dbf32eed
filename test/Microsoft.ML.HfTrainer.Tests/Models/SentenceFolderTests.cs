using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Folders of sentence-transformers in and out.</summary>
[TestClass]
public sealed class SentenceFolderTests : IDisposable
{
    private const int Outputs = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly int _size = PretrainedConfig.FromPretrained(TinyBert.Folder).GetSize("hidden_size");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Modules_are_computed_one_after_another()
    {
        var source = WithDense();
        using var scope = NewDisposeScope();
        using var model = AutoModelForSentenceEmbedding.FromPretrained(source);
        using var bare = AutoModelForSentenceEmbedding.FromPretrained(TinyBert.Folder, new() { Pooling = EmbeddingPooling.Cls });
        using var batch = TinyBert.Batch(4, packed: false);
        Assert.AreEqual(Outputs, model.SentenceEmbedding!.Size);
        Assert.IsEmpty(model.LoadReport.Missing);
        var weights = GoldenTensor.ReadAll(Path.Combine(source, "2_Dense", "model.safetensors"));
        Tensor Weight(string name) => tensor(weights[name].Values).view([.. weights[name].Shape]);
        var mapped = nn.functional.linear(bare.call(batch).SentenceEmbedding!, Weight("linear.weight"), Weight("linear.bias")).tanh();
        AssertClose(mapped / mapped.square().sum(1, keepdim: true).sqrt(), model.call(batch).SentenceEmbedding!);
    }

    [TestMethod]
    public void What_is_saved_is_the_same_model_with_the_same_files()
    {
        var source = WithDense();
        File.WriteAllText(Path.Combine(source, "sentence_bert_config.json"), """{ "max_seq_length": 37, "do_lower_case": true, "unknown": [1] }""");
        File.WriteAllText(Path.Combine(source, "config_sentence_transformers.json"),
            """{ "__version__": { "pytorch": "2.0" }, "prompts": { "query": "search: ", "document": null }, "default_prompt_name": "query", "more": { "a": 1 } }""");
        using var model = AutoModelForSentenceEmbedding.FromPretrained(source);
        var settings = model.SentenceEmbedding!;
        Assert.AreEqual((37, true, "search: ", "query"), (settings.MaxSeqLength, settings.DoLowerCase, settings.Prompts["query"], settings.DefaultPromptName));
        model.SavePretrained(_folder["saved"]);
        using var again = AutoModelForSentenceEmbedding.FromPretrained(_folder["saved"]);
        Assert.IsEmpty(again.LoadReport.ToString());
        foreach (var ((name, one), (_, other)) in model.named_parameters().Zip(again.named_parameters()))
            CollectionAssert.AreEqual(one.bytes.ToArray(), other.bytes.ToArray(), name);
        using (var batch = TinyBert.Batch(4, packed: false))
        using (NewDisposeScope())
            AssertClose(model.call(batch).SentenceEmbedding!, again.call(batch).SentenceEmbedding!);
        foreach (var file in new[] { "sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json", "2_Dense/config.json", "3_Normalize/config.json", "modules.json" })
            Assert.IsTrue(JsonNode.DeepEquals(Json(source, file), Json(_folder["saved"], file)), file);
        // The model's own file holds the weights that the base model of Hugging Face Transformers has.
        using var weights = SafetensorsFile.Open(Path.Combine(_folder["saved"], "model.safetensors"));
        Assert.IsEmpty(weights.Entries.Keys.Where(name => name.Contains("Dense") || name.StartsWith("bert.", StringComparison.Ordinal)));
        Assert.AreEqual("[\"BertModel\"]", Json(_folder["saved"], "config.json")["architectures"]!.ToJsonString());
    }

    [TestMethod]
    public void A_plain_model_is_saved_as_a_folder_that_every_version_reads()
    {
        using var model = AutoModelForSentenceEmbedding.FromPretrained(TinyBert.Folder, new() { Pooling = EmbeddingPooling.LastToken, NormalizeEmbeddings = true });
        model.SentenceEmbedding!.MaxSeqLength = 64;
        model.SentenceEmbedding.Prompts = new Dictionary<string, string> { ["passage"] = "passage: " };
        model.SavePretrained(_folder.Path);
        var types = JsonNode.Parse(File.ReadAllText(_folder["modules.json"]))!.AsArray().Select(m => $"{m!["path"]}={m["type"]}");
        CollectionAssert.AreEqual(
            new[] { "=sentence_transformers.models.Transformer", "1_Pooling=sentence_transformers.models.Pooling", "2_Normalize=sentence_transformers.models.Normalize" }, types.ToList());
        var pooling = Json(_folder.Path, "1_Pooling/config.json").AsObject();
        Assert.AreEqual(_size, (int)pooling["word_embedding_dimension"]!);
        CollectionAssert.AreEqual(new[] { "pooling_mode_lasttoken" }, pooling.Where(f => f.Value!.GetValueKind() == System.Text.Json.JsonValueKind.True).Select(f => f.Key).ToList());
        using var again = AutoModelForSentenceEmbedding.FromPretrained(_folder.Path);
        Assert.AreEqual((64, "passage: ", true), (again.SentenceEmbedding!.MaxSeqLength, again.SentenceEmbedding.Prompts["passage"], again.SentenceEmbedding.Normalize));
    }

    [TestMethod]
    public void Options_stand_above_the_folder()
    {
        var source = WithDense();
        using var model = AutoModelForSentenceEmbedding.FromPretrained(source, new() { Pooling = EmbeddingPooling.Max, NormalizeEmbeddings = false });
        CollectionAssert.AreEqual(new[] { EmbeddingPooling.Max }, model.SentenceEmbedding!.Pooling.ToList());
        Assert.IsFalse(model.SentenceEmbedding.Normalize);
        model.SavePretrained(_folder["saved"]);
        using var again = AutoModelForSentenceEmbedding.FromPretrained(_folder["saved"]);
        CollectionAssert.AreEqual(new[] { EmbeddingPooling.Max }, again.SentenceEmbedding!.Pooling.ToList());
        Assert.IsFalse(again.SentenceEmbedding.Normalize);
    }

    [TestMethod]
    public void The_first_module_may_have_a_folder_of_its_own()
    {
        SentenceFolder.Write(_folder.Path, ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(_size, "mean_tokens")));
        var list = Json(_folder.Path, "modules.json");
        list[0]!["path"] = "0_Transformer";
        File.WriteAllText(_folder["modules.json"], list.ToJsonString());
        SentenceFolder.Copy(TinyBert.Folder, _folder["0_Transformer"]);
        File.WriteAllText(Path.Combine(_folder["0_Transformer"], "sentence_roberta_config.json"), """{ "max_seq_length": 12 }""");
        using var model = AutoModelForSentenceEmbedding.FromPretrained(_folder.Path);
        Assert.AreEqual(12, model.SentenceEmbedding!.MaxSeqLength);
        using var bare = AutoModelForSentenceEmbedding.FromPretrained(TinyBert.Folder);
        using var batch = TinyBert.Batch(4, packed: false);
        using var scope = NewDisposeScope();
        AssertClose(bare.call(batch).SentenceEmbedding!, model.call(batch).SentenceEmbedding!);
    }

    [TestMethod]
    [DataRow("\"mean\"", new[] { EmbeddingPooling.Mean })]
    [DataRow("[\"lasttoken\", \"cls\"]", new[] { EmbeddingPooling.LastToken, EmbeddingPooling.Cls })]
    public void Newer_files_name_the_pooling(string mode, EmbeddingPooling[] expected)
    {
        var source = SentenceFolder.Copy(TinyBert.Folder, _folder["source"]);
        SentenceFolder.Write(source, ("sentence_transformers.base.modules.transformer.Transformer", ""),
            ("sentence_transformers.sentence_transformer.modules.pooling.Pooling", $$"""{ "embedding_dimension": {{_size}}, "pooling_mode": {{mode}}, "include_prompt": true }"""));
        using var model = AutoModelForSentenceEmbedding.FromPretrained(source);
        CollectionAssert.AreEqual(expected, model.SentenceEmbedding!.Pooling.ToList());
        Assert.AreEqual(_size * expected.Length, model.SentenceEmbedding.Size);
        model.SavePretrained(_folder["saved"]);
        foreach (var file in new[] { "modules.json", "1_Pooling/config.json" })
            Assert.IsTrue(JsonNode.DeepEquals(Json(source, file), Json(_folder["saved"], file)), file);
    }

    [TestMethod]
    public void Training_goes_on_with_all_modules_from_a_checkpoint()
    {
        var source = WithDense();
        var arguments = new TrainingArguments(_folder["run"]) { MaxSteps = 4, SaveSteps = 2, PerDeviceTrainBatchSize = 4, LearningRate = 1e-3 };
        using var model = AutoModelForSentenceEmbedding.FromPretrained(source);
        using var trainer = NewTrainer(model);
        trainer.Train();
        var expected = TinyBert.Weights(model);
        using var fresh = AutoModelForSentenceEmbedding.FromPretrained(source);
        CollectionAssert.AreNotEqual(expected["2_Dense.linear.weight"], TinyBert.Weights(fresh)["2_Dense.linear.weight"]);
        using var other = NewTrainer(fresh);
        other.Train(_folder["run/checkpoint-2"]);
        foreach (var (name, weight) in TinyBert.Weights(fresh))
            CollectionAssert.AreEqual(expected[name], weight, name);

        Trainer NewTrainer(PretrainedModel model) => new(model, arguments, TinyBert.Data(16), dataCollator: TinyBert.Collator)
        {
            ComputeLossFunc = (output, _, _) => output.SentenceEmbedding!.select(1, 0).mean(),
        };
    }

    [TestMethod]
    [DataRow("sentence_transformers.models.LSTM", "module 2 is a \"sentence_transformers.models.LSTM\", which is not supported; modules may be Transformer, Pooling, Dense, Normalize")]
    [DataRow("modeling.Custom", "module 2 is a \"modeling.Custom\", code of the repository's own, which is not run")]
    [DataRow("sentence_transformers.models.Pooling", "the modules are Transformer, Pooling, Pooling")]
    public void A_module_that_is_not_known_is_named(string type, string expected)
    {
        var source = SentenceFolder.Copy(TinyBert.Folder, _folder["source"]);
        SentenceFolder.Write(source, ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(_size, "mean_tokens")), (type, "{}"));
        var failure = Assert.ThrowsExactly<NotSupportedException>(() => AutoModelForSentenceEmbedding.FromPretrained(source));
        Assert.Contains(expected, failure.Message);
        Assert.Contains(Path.Combine(source, "modules.json"), failure.Message);
    }

    [TestMethod]
    [DataRow("{}", "no list of 1 to 64 modules")]
    [DataRow("[]", "no list of 1 to 64 modules")]
    [DataRow("[3]", "module 0 has no text in \"path\"")]
    [DataRow("[", "not valid JSON")]
    [DataRow("""[{ "path": "\ud800", "type": "sentence_transformers.models.Transformer" }]""", "not valid Unicode text")]
    [DataRow("""[{ "path": "../x", "type": "sentence_transformers.models.Transformer" }]""", "has the path \"../x\"; it must be the plain name")]
    [DataRow("""[{ "path": "/etc", "type": "sentence_transformers.models.Transformer" }]""", "plain name")]
    [DataRow("""[{ "path": "C:x", "type": "sentence_transformers.models.Transformer" }]""", "plain name")]
    public void A_list_that_is_none_is_told(string list, string expected)
    {
        var source = SentenceFolder.Copy(TinyBert.Folder, _folder["source"]);
        File.WriteAllText(Path.Combine(source, "modules.json"), list);
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSentenceEmbedding.FromPretrained(source)).Message);
    }

    [TestMethod]
    [DataRow("2_Dense/config.json", "activation_function", "\"os.system\"", "\"activation_function\" is \"os.system\", which is not known; it should be PyTorch's class of one of Identity, Tanh")]
    [DataRow("2_Dense/config.json", "out_features", "1000000000", "\"out_features\" is 1000000000, and in_features")]
    [DataRow("2_Dense/config.json", "in_features", "-1", "\"in_features\" is -1")]
    [DataRow("2_Dense/config.json", "module_input_name", "\"token_embeddings\"", "\"module_input_name\" is \"token_embeddings\"")]
    [DataRow("1_Pooling/config.json", "pooling_mode", "\"median\"", "\"pooling_mode\" is \"median\"; it should be one or several of cls, max, mean")]
    [DataRow("1_Pooling/config.json", "pooling_mode_max_tokens", "3", "\"pooling_mode_max_tokens\" is 3")]
    [DataRow("1_Pooling/config.json", "pooling_mode_max_tokens", "true", "the size of the vectors that come to it")]
    [DataRow("sentence_bert_config.json", "max_seq_length", "0", "\"max_seq_length\" is 0")]
    [DataRow("sentence_bert_config.json", "transformer_task", "\"fill-mask\"", "\"transformer_task\" is \"fill-mask\"")]
    [DataRow("sentence_bert_config.json", "modality_config", """{ "text": { "method": "forward", "method_output_name": "pooler_output" } }""", "gives \"pooler_output\" of texts")]
    [DataRow("config_sentence_transformers.json", "prompts", "[]", "\"prompts\" is []; it should be an object of texts")]
    [DataRow("config_sentence_transformers.json", "default_prompt_name", "\"query\"", "\"default_prompt_name\" is \"query\"")]
    public void A_field_that_is_wrong_is_named(string file, string field, string value, string expected)
    {
        var source = WithDense();
        var path = Path.Combine(source, file);
        var fields = File.Exists(path) ? Json(source, file).AsObject() : [];
        fields[field] = JsonNode.Parse(value);
        File.WriteAllText(path, fields.ToJsonString());
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSentenceEmbedding.FromPretrained(source));
        Assert.Contains(expected, failure.Message);
        Assert.Contains(Path.GetFileName(path), failure.Message);
    }

    [TestMethod]
    public void A_layer_without_weights_is_told()
    {
        var source = WithDense();
        File.Delete(Path.Combine(source, "2_Dense", "model.safetensors"));
        Assert.Contains("2_Dense", Assert.ThrowsExactly<FileNotFoundException>(() => AutoModelForSentenceEmbedding.FromPretrained(source)).Message);
    }

    private string WithDense()
    {
        var source = SentenceFolder.Copy(TinyBert.Folder, _folder["source"]);
        SentenceFolder.Write(source, ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(_size, "cls_token")), ("Dense", SentenceFolder.Dense(_size, Outputs)), ("Normalize", "{}"));
        SentenceFolder.WriteDense(Path.Combine(source, "2_Dense"), _size, Outputs);
        return source;
    }

    private static JsonNode Json(string folder, string file) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, file)))!;

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        var differences = new Differences();
        differences.Tensor("vectors", GoldenTensor.Of(expected), actual, 1e-6, 1e-5);
        differences.AssertNone();
    }
}
