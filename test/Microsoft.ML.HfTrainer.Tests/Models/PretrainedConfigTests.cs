using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public class PretrainedConfigTests
{
    private const string Gemma = """
        "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4, "vocab_size": 20
        """;

    // What Hugging Face Transformers 5.24 makes of these; there a class whose id has no name has none.
    [TestMethod]
    [DataRow(""" "num_labels": 3, "id2label": { "0": "a", "1": "b" } """, "LABEL_0 LABEL_1 LABEL_2")]
    [DataRow(""" "num_labels": 1, "id2label": { "0": "a", "1": "b" } """, "LABEL_0")]
    [DataRow(""" "num_labels": 2, "id2label": { "0": "a", "1": "b" } """, "a b")]
    [DataRow(""" "id2label": { "0": 1, "1": 2.5 } """, "1 2.5")]
    [DataRow(""" "id2label": { "0": true, "1": null } """, "true null")]
    [DataRow(""" "id2label": { "1": "a", "2": "b" } """, "LABEL_0 a")]
    [DataRow(""" "id2label": { "0": "a", "2": "b" } """, "a LABEL_1")]
    [DataRow(""" "id2label": { "-1": "a", " +0": "b" } """, "b LABEL_1")]
    [DataRow(""" "id2label": { "0": "a", "00": "b" } """, "b")]
    [DataRow(""" "id2label": null, "num_labels": null """, "LABEL_0 LABEL_1")]
    [DataRow(""" "num_labels": 4 """, "LABEL_0 LABEL_1 LABEL_2 LABEL_3")]
    public void Labels_are_those_of_Hugging_Face(string fields, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', Config($$"""{ "model_type": "bert", {{fields}} }""").Labels));

    [TestMethod]
    public void Labels_that_are_set_are_as_many_as_they_are()
    {
        var config = Config("""{ "model_type": "bert", "num_labels": 3 }""");
        config.Labels = ["no", "yes"];
        CollectionAssert.AreEqual(new[] { "no", "yes" }, config.Labels.ToList());
    }

    [TestMethod]
    [DataRow("\"\"")]
    [DataRow("null")]
    public void An_empty_problem_type_is_none(string value) => Assert.IsNull(Config($$"""{ "model_type": "bert", "problem_type": {{value}} }""").ProblemType);

    [TestMethod]
    [DataRow("language_model.", true)]
    [DataRow("model.language_model.", false)]
    public void A_composite_model_gives_its_text_model(string prefix, bool wrapsAll)
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-composite-").FullName;
        try
        {
            var text = Config($$"""{ "model_type": "gemma3_text", {{Gemma}} }""");
            using var model = AutoModelForCausalLM.FromConfig(text);
            File.WriteAllText(Path.Combine(folder, "config.json"), $$"""{ "model_type": "gemma3", "dtype": "bfloat16", "id2label": { "0": "x" }, "text_config": { {{Gemma}} }, "vision_config": {} }""");
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), [
                .. model.SavedWeights().Select(w => Microsoft.ML.HfTrainer.Models.WeightWriting.Describe(wrapsAll ? prefix + w.Name : prefix + w.Name["model.".Length..], w.Tensor)),
                new SafetensorsTensor("vision_tower.patches", SafetensorsDType.F32, [1], new byte[4])]);
            using var loaded = AutoModelForCausalLM.FromPretrained(folder);
            Assert.AreEqual("not used: vision_tower.patches", loaded.LoadReport.ToString());
            foreach (var (name, values) in TinyBert.Weights(model))
                CollectionAssert.AreEqual(values, TinyBert.Weights(loaded)[name], name);
            Assert.AreEqual("gemma3_text", loaded.Config.ModelType);
            Assert.AreEqual("bfloat16", loaded.Config.GetString("dtype"));
            CollectionAssert.AreEqual(new[] { "x" }, loaded.Config.Labels.ToList());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    [DataRow("""{ "model_type": "llava", "text_config": { "model_type": "llama", "hidden_size": 8 } }""", "llama")]
    [DataRow("""{ "model_type": "bert", "text_config": { "model_type": "llama" } }""", "bert")]
    [DataRow("""{ "model_type": "clip", "text_config": { "model_type": "clip_text_model" } }""", "clip")]
    [DataRow("""{ "model_type": "clip", "text_config": null }""", "clip")]
    public void The_section_counts_if_it_is_a_known_architecture_and_the_whole_is_none(string json, string expected) => Assert.AreEqual(expected, Config(json).OfText().ModelType);

    private static PretrainedConfig Config(string json) => PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes(json));
}
