using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats.Torch;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public sealed class WeightLoadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_prefix_of_the_body_may_be_missing_and_the_head_is_new()
    {
        Rewrite((name, t) => name.StartsWith("classifier", StringComparison.Ordinal) ? null : t(name["bert.".Length..], SafetensorsDType.F32));
        torch.random.manual_seed(1);
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        CollectionAssert.AreEquivalent(new[] { "classifier.weight", "classifier.bias" }, model.LoadReport.Missing.ToList());
        Assert.IsEmpty(model.LoadReport.Unexpected);
        AssertBody(model);
        var weights = TinyBert.Weights(model);
        Assert.AreEqual(0.02, Math.Sqrt(weights["classifier.weight"].Average(w => w * w)), 0.006);
        Assert.IsTrue(weights["classifier.bias"].All(b => b == 0));
    }

    [TestMethod]
    public void New_weights_are_drawn_in_the_order_of_the_blocks()
    {
        Rewrite((name, t) => name.StartsWith("classifier", StringComparison.Ordinal) || name.Contains("pooler") ? null : t(name, SafetensorsDType.F32));
        torch.random.manual_seed(3);
        using var pooler = torch.empty(24, 24).normal_(0, 0.02);
        using var classifier = torch.empty(3, 24).normal_(0, 0.02);
        torch.random.manual_seed(3);
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        var weights = TinyBert.Weights(model);
        CollectionAssert.AreEqual(pooler.data<float>().ToArray(), weights["bert.pooler.dense.weight"]);
        CollectionAssert.AreEqual(classifier.data<float>().ToArray(), weights["classifier.weight"]);
    }

    [TestMethod]
    public void Names_of_older_files_are_known_and_foreign_ones_are_reported()
    {
        Rewrite((name, t) => t(name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"), SafetensorsDType.F32), extra: "cls.predictions.bias");
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        Assert.IsEmpty(model.LoadReport.Missing);
        CollectionAssert.AreEqual(new[] { "cls.predictions.bias" }, model.LoadReport.Unexpected.ToList());
        AssertBody(model);
    }

    [TestMethod]
    public void A_file_of_before_PyTorch_1_6_is_read_and_what_is_no_tensor_is_reported()
    {
        using (var files = WeightFiles.Open(TinyBert.Folder))
            WritePickle(files, name => name, "epoch", "classifier.scale");
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        Assert.IsEmpty(model.LoadReport.Missing);
        CollectionAssert.AreEqual(new[] { "classifier.scale", "epoch" }, model.LoadReport.Unexpected.ToList());
        AssertBody(model);
    }

    [TestMethod]
    public void A_name_that_an_index_gives_to_no_tensor_is_reported()
    {
        using (var files = WeightFiles.Open(TinyBert.Folder))
        {
            WritePickle(files, name => name, "epoch");
            File.Move(Path.Combine(_folder, "pytorch_model.bin"), Path.Combine(_folder, "part.bin"));
            var map = new JsonObject(files.Entries.Keys.Append("epoch").Select(name => KeyValuePair.Create(name, (JsonNode?)"part.bin")));
            File.WriteAllText(Path.Combine(_folder, "pytorch_model.bin.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        }
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        CollectionAssert.AreEqual(new[] { "epoch" }, model.LoadReport.Unexpected.ToList());
        AssertBody(model);
    }

    [TestMethod]
    [DataRow("module.")]
    [DataRow("model.")]
    [DataRow("_orig_mod.")]
    [DataRow("module._orig_mod.")]
    [DataRow("model.module._fsdp_wrapped_module.")]
    public void The_names_of_a_wrapper_are_taken_off(string prefix)
    {
        Rewrite((name, t) => t(prefix + name, SafetensorsDType.F32), extra: "optimizer.step");
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        Assert.IsEmpty(model.LoadReport.Missing);
        CollectionAssert.AreEqual(new[] { "optimizer.step" }, model.LoadReport.Unexpected.ToList());
        AssertBody(model);
    }

    [TestMethod]
    public void The_names_of_a_wrapper_within_a_model_are_taken_off()
    {
        Rewrite((name, t) => t(name.Replace(".layer.1.", ".layer.1._checkpoint_wrapped_module."), SafetensorsDType.F32));
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        Assert.AreEqual("", model.LoadReport.ToString());
        AssertBody(model);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("model.")]
    public void A_prefix_that_is_the_models_own_stays(string wrapper)
    {
        var config = PretrainedConfig.Parse("config.json", """{"model_type":"llama","vocab_size":16,"hidden_size":8,"intermediate_size":8,"num_hidden_layers":2,"num_attention_heads":2}"""u8);
        using var model = AutoModelForCausalLM.FromConfig(config);
        File.WriteAllBytes(Path.Combine(_folder, "config.json"), config.ToJson());
        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), model.SavedWeights().Select(w => Microsoft.ML.HfTrainer.Models.WeightWriting.Describe(wrapper + w.Name, w.Tensor)));
        using var again = AutoModelForCausalLM.FromPretrained(_folder);
        Assert.AreEqual("", again.LoadReport.ToString());
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(values, TinyBert.Weights(again)[name], name);
    }

    [TestMethod]
    [DataRow("transformer.")]
    [DataRow(null)]
    public void A_folder_in_which_no_weight_of_the_body_matches_is_refused_with_both_names(string? prefix)
    {
        // A head alone is no model.
        Rewrite((name, t) => prefix is not null ? t(prefix + name, SafetensorsDType.F32) : name.StartsWith("classifier", StringComparison.Ordinal) ? t(name, SafetensorsDType.F32) : null);
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromPretrained(_folder));
        foreach (var part in new[] { Path.Combine(_folder, "model.safetensors"), prefix is null ? "'classifier.bias'" : "'transformer.bert.", "'bert.embeddings.word_embeddings.weight'", "type bert" })
            Assert.Contains(part, failure.Message);
    }

    [TestMethod]
    [DataRow(SafetensorsDType.F16, 1e-3)]
    [DataRow(SafetensorsDType.BF16, 8e-3)]
    public void Half_precision_is_read_as_float32(SafetensorsDType type, double precision)
    {
        Rewrite((name, t) => t(name, type));
        using var model = AutoModelForSequenceClassification.FromPretrained(_folder);
        AssertBody(model, precision);
    }

    [TestMethod]
    public void A_weight_of_another_shape_is_named_with_both_shapes()
    {
        Rewrite((name, t) => t(name, SafetensorsDType.F32), config => config.Set("vocab_size", 16));
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromPretrained(_folder));
        foreach (var part in new[] { "model.safetensors", "word_embeddings.weight", "[16, ", "config.json" })
            Assert.Contains(part, failure.Message);
    }

    [TestMethod]
    public void A_weight_of_whole_numbers_is_refused()
    {
        Rewrite((name, t) => t(name, name == "classifier.bias" ? SafetensorsDType.I32 : SafetensorsDType.F32));
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromPretrained(_folder));
        Assert.Contains("'classifier.bias' has the type I32", failure.Message);
    }

    [TestMethod]
    public void A_saved_model_has_the_same_bits_and_the_originals_class_name()
    {
        using var model = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder);
        model.SavePretrained(_folder);
        using var again = AutoModelForSequenceClassification.FromPretrained(_folder);
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(values, TinyBert.Weights(again)[name], name);
        Assert.Contains("\"BertForSequenceClassification\"", File.ReadAllText(Path.Combine(_folder, "config.json")));
    }

    [TestMethod]
    public void Making_and_loading_a_model_draws_no_random_number()
    {
        torch.random.manual_seed(9);
        using var before = torch.get_rng_state();
        using var model = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder);
        using var after = torch.get_rng_state();
        CollectionAssert.AreEqual(before.bytes.ToArray(), after.bytes.ToArray());
    }

    [TestMethod]
    [DataRow(false, false, true)]
    [DataRow(true, true, true)]
    [DataRow(true, false, false)]
    public void A_tied_weight_is_found_under_either_name_and_is_two_where_a_file_has_two(bool both, bool equal, bool tied)
    {
        const string Name = "bert.embeddings.word_embeddings.weight", Alias = "cls.predictions.decoder.weight";
        var source = Path.Combine(GoldenFolder.Repository, "test/Fixtures/golden/models/bert.masked-lm");
        File.Copy(Path.Combine(source, "config.json"), Path.Combine(_folder, "config.json"));
        using (var files = WeightFiles.Open(source))
        {
            var tensors = files.Entries.Values.Select(e => (e.Name, e.Shape, Bytes: files.GetBytes(e.Name).ToArray())).ToDictionary(e => e.Name);
            var bytes = tensors[Name].Bytes.ToArray();
            if (!equal && both)
                bytes[0] ^= 1;
            tensors[Alias] = (Alias, tensors[Name].Shape, bytes);
            if (!both)
                tensors.Remove(Name);
            SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), tensors.Values.Select(t => new SafetensorsTensor(t.Name, SafetensorsDType.F32, t.Shape, t.Bytes)).ToList());
        }
        using var model = AutoModelForMaskedLM.FromPretrained(_folder);
        Assert.AreEqual("", model.LoadReport.ToString());
        Assert.AreEqual(!tied, model.named_parameters().Any(p => p.name == Alias));
        model.SavePretrained(_folder);
        using var again = AutoModelForMaskedLM.FromPretrained(_folder);
        Assert.AreEqual(!tied, again.named_parameters().Any(p => p.name == Alias));
    }

    [TestMethod]
    public void A_tied_weight_stays_one_when_the_model_is_moved()
    {
        var config = PretrainedConfig.FromPretrained(Path.Combine(GoldenFolder.Repository, "test/Fixtures/golden/models/bert.masked-lm"));
        using var model = AutoModelForMaskedLM.FromConfig(config);
        var names = model.named_parameters().Select(p => p.name).ToList();
        model.to(torch.ScalarType.Float64);
        CollectionAssert.AreEqual(names, model.named_parameters().Select(p => p.name).ToList());
        CollectionAssert.Contains(model.TiedNames.Values.ToList(), "bert.embeddings.word_embeddings.weight");
        using var scope = torch.NewDisposeScope();
        using var batch = new DataCollatorWithPadding(0).Collate([new Example { ["input_ids"] = new[] { 7, 8 }, ["labels"] = new[] { 7, -100 } }]);
        Assert.AreEqual(torch.ScalarType.Float64, model.call(batch).Logits.dtype);
    }

    private static void AssertBody(PretrainedModel model, double precision = 0)
    {
        using var original = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder);
        var weights = TinyBert.Weights(model);
        foreach (var (name, expected) in TinyBert.Weights(original).Where(w => w.Key.StartsWith("bert.", StringComparison.Ordinal)))
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], weights[name][i], precision * Math.Abs(expected[i]) + precision * 1e-4, name);
    }

    private void WritePickle(WeightFiles files, Func<string, string> rename, params string[] others)
    {
        File.Copy(Path.Combine(TinyBert.Folder, "config.json"), Path.Combine(_folder, "config.json"));
        File.WriteAllBytes(Path.Combine(_folder, "pytorch_model.bin"), LegacyFile.OfWeights(files, rename, others));
    }

    private delegate SafetensorsTensor Writer(string name, SafetensorsDType type);

    // Writes the tiny model again, with weights renamed, converted or left out.
    private void Rewrite(Func<string, Writer, SafetensorsTensor?> change, Action<PretrainedConfig>? configure = null, string? extra = null)
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        configure?.Invoke(config);
        File.WriteAllBytes(Path.Combine(_folder, "config.json"), config.ToJson());
        using var files = WeightFiles.Open(TinyBert.Folder);
        var tensors = files.Entries.Values.Select(entry => change(entry.Name, (name, type) => new SafetensorsTensor(name, type, entry.Shape, Convert(files.GetBytes(entry.Name), type)))).OfType<SafetensorsTensor>();
        if (extra is not null)
            tensors = tensors.Append(new SafetensorsTensor(extra, SafetensorsDType.F32, [1], new byte[4]));
        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), tensors.ToList());
    }

    private static byte[] Convert(ReadOnlySpan<byte> floats, SafetensorsDType type)
    {
        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(floats).ToArray();
        return type switch
        {
            SafetensorsDType.F16 => [.. values.SelectMany(v => BitConverter.GetBytes((Half)v))],
            SafetensorsDType.BF16 => [.. values.SelectMany(v => BitConverter.GetBytes(v)[2..])],
            _ => floats.ToArray(),
        };
    }
}
