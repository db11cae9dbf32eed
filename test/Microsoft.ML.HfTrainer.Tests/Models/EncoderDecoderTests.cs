using System.Text;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Tests.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public class EncoderDecoderTests
{
    private const string Bart = """
        { "model_type": "TYPE", "vocab_size": 20, "d_model": 8, "max_position_embeddings": 12, "encoder_layers": 2, "decoder_layers": 1, "encoder_attention_heads": 2,
          "decoder_attention_heads": 2, "encoder_ffn_dim": 6, "decoder_ffn_dim": 6, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2, "init_std": 0.3 }
        """;

    private const string T5 = """
        { "model_type": "t5", "vocab_size": 20, "d_model": 8, "d_kv": 3, "d_ff": 6, "num_layers": 2, "num_heads": 2, "relative_attention_num_buckets": 8,
          "relative_attention_max_distance": 20, "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0, "feed_forward_proj": "gated-gelu" }
        """;

    [TestMethod]
    [DataRow("bart", "2 5 6 7 | 2 8 2 1")]
    [DataRow("mbart", "9 5 6 7 | 2 8 2 1")]
    public void The_decoder_reads_the_labels_one_place_later(string type, string expected)
    {
        using var model = New(Bart.Replace("TYPE", type));
        using var labels = tensor(new long[,] { { 5, 6, 7, 9 }, { 8, 2, -100, -100 } });
        using var inputs = ((IEncoderDecoder)model).PrepareDecoderInputIdsFromLabels(labels);
        Assert.AreEqual(expected, string.Join(" | ", inputs.data<long>().ToArray().Chunk(4).Select(row => string.Join(' ', row))));
    }

    [TestMethod]
    [DataRow("t5")]
    [DataRow("bart")]
    [DataRow("marian")]
    [DataRow("pegasus")]
    public void A_packed_batch_gives_what_a_padded_one_gives(string type)
    {
        using var model = New(type == "t5" ? T5 : Bart.Replace("TYPE", type));
        var padded = Loss(model, packed: false);
        Assert.AreEqual(padded, Loss(model, packed: true), 1e-6);
    }

    [TestMethod]
    public void What_comes_later_in_the_target_changes_nothing_before()
    {
        using var model = New(T5);
        using var scope = NewDisposeScope();
        var first = Logits(model, [3, 4, 5, 6]);
        var second = Logits(model, [3, 4, 9, 6]);
        Assert.IsTrue(first.narrow(1, 0, 3).allclose(second.narrow(1, 0, 3)));
        Assert.IsFalse(first.narrow(1, 3, 1).allclose(second.narrow(1, 3, 1)));
    }

    [TestMethod]
    [DataRow(false, DisplayName = "a head of its own")]
    [DataRow(true, DisplayName = "the embedding under both names")]
    public void A_file_with_a_head_has_it_its_own_only_where_it_is_another(bool equal)
    {
        using var folder = new TemporaryFolder();
        using var made = New(T5);
        made.SavePretrained(folder.Path);
        Rewrite(folder.Path, shared => equal ? shared : [.. shared.Select((b, i) => i % 4 == 3 ? (byte)(b ^ 0x80) : b)]);
        using var model = AutoModelForSeq2SeqLM.FromPretrained(folder.Path);
        Assert.IsEmpty(model.LoadReport.Missing);
        Assert.IsEmpty(model.LoadReport.Unexpected);
        var names = model.named_parameters().Select(p => p.name).ToList();
        Assert.AreEqual(!equal, names.Contains("lm_head.weight"));
        using var scope = NewDisposeScope();
        var (one, other) = (Logits(model, [3, 4]), Logits(made, [3, 4]));
        Assert.IsTrue(one.allclose(equal ? other : -other, atol: 1e-6));
    }

    [TestMethod]
    public void Positions_that_files_leave_out_are_computed_and_not_missing()
    {
        using var folder = new TemporaryFolder();
        using var made = New(Bart.Replace("TYPE", "marian"));
        made.SavePretrained(folder.Path);
        using (var files = WeightFiles.Open(folder.Path))
        {
            Assert.IsFalse(files.Entries.Keys.Any(name => name.Contains("embed_positions")));
            Assert.IsTrue(files.Entries.ContainsKey("final_logits_bias"));
        }
        using var model = AutoModelForSeq2SeqLM.FromPretrained(folder.Path);
        Assert.IsEmpty(model.LoadReport.Missing);
        var positions = model.named_parameters().Single(p => p.name == "model.decoder.embed_positions.weight").parameter;
        Assert.IsTrue(positions.requires_grad);
        Assert.AreEqual(Math.Sin(5), positions[5, 0].item<float>(), 1e-6);
        Assert.AreEqual(Math.Cos(5 / Math.Pow(10000, 0.25)), positions[5, 5].item<float>(), 1e-6);
    }

    [TestMethod]
    public void Languages_of_a_translator_may_have_words_of_their_own()
    {
        using var folder = new TemporaryFolder();
        using var made = New(Bart.Replace("TYPE", "marian").Replace("\"init_std\"", "\"share_encoder_decoder_embeddings\": false, \"decoder_vocab_size\": 15, \"init_std\""));
        CollectionAssert.IsSubsetOf(new[] { "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight" }, made.named_parameters().Select(p => p.name).ToList());
        made.SavePretrained(folder.Path);
        using var model = AutoModelForSeq2SeqLM.FromPretrained(folder.Path);
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(new long[] { 1, 2, 15 }, Logits(model, [3, 4]).shape);
    }

    [TestMethod]
    public void A_classifier_names_the_text_that_does_not_end()
    {
        using var model = AutoModelForSequenceClassification.FromConfig(Config(Bart.Replace("TYPE", "bart")));
        using var batch = new DataCollatorWithPadding(1).Collate([new Example { ["input_ids"] = new[] { 7, 2 } }, new Example { ["input_ids"] = new[] { 7, 8 } }]);
        Assert.Contains("Example 1 of the batch has no token 2 (eos_token_id)", Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message);
    }

    [TestMethod]
    public void Without_labels_and_decoder_inputs_the_batch_says_what_it_lacks()
    {
        using var model = New(T5);
        using var batch = new DataCollatorWithPadding(0).Collate([new Example { ["input_ids"] = new[] { 7, 1 } }]);
        Assert.Contains("'decoder_input_ids'", Assert.ThrowsExactly<KeyNotFoundException>(() => model.call(batch)).Message);
    }

    [TestMethod]
    [DataRow("\"num_heads\": 2", "\"num_heads\": 0", "num_heads")]
    [DataRow("\"relative_attention_num_buckets\": 8", "\"relative_attention_num_buckets\": 2", "relative_attention_num_buckets")]
    [DataRow("\"relative_attention_max_distance\": 20", "\"relative_attention_max_distance\": 4", "relative_attention_max_distance")]
    [DataRow("gated-gelu", "gated-nothing", "feed_forward_proj")]
    public void A_field_that_is_wrong_is_named(string right, string wrong, string field) =>
        Assert.Contains($"\"{field}\"", Assert.ThrowsExactly<InvalidDataException>(() => New(T5.Replace(right, wrong))).Message);

    [TestMethod]
    [DataRow("t5")]
    [DataRow("mbart")]
    public void Layers_computed_again_in_the_backward_pass_give_the_same_gradients(string type)
    {
        using var model = New(type == "t5" ? T5 : Bart.Replace("TYPE", type));
        model.train();
        var live = new LiveTensors();
        var expected = Gradients(model, null);
        using (var recomputation = new Recomputation())
        {
            model.UseRecomputation(recomputation);
            var actual = Gradients(model, recomputation);
            foreach (var (name, values) in expected)
                for (var i = 0; i < values.Length; i++)
                    Assert.AreEqual(values[i], actual[name][i], 1e-6 + 1e-4 * Math.Abs(values[i]), name);
        }
        model.UseRecomputation(null);
        model.zero_grad(set_to_none: true);
        live.AssertUnchanged();
    }

    [TestMethod]
    public void No_tensor_outlives_a_step()
    {
        using var model = New(Bart.Replace("TYPE", "pegasus"));
        Loss(model, packed: false);
        var live = new LiveTensors();
        Loss(model, packed: false);
        live.AssertUnchanged();
    }

    private static PretrainedConfig Config(string json) => PretrainedConfig.Parse("here", Encoding.UTF8.GetBytes(json));

    private static PretrainedModel New(string json)
    {
        random.manual_seed(3);
        return AutoModelForSeq2SeqLM.FromConfig(Config(json));
    }

    private static float Loss(PretrainedModel model, bool packed)
    {
        using var scope = NewDisposeScope();
        using var batch = TwoTexts();
        batch.Packed = packed;
        return model.call(batch).Loss!.item<float>();
    }

    private static Batch TwoTexts()
    {
        var batch = new DataCollatorWithPadding(1).Collate([new Example { ["input_ids"] = new[] { 7, 8, 9, 2 } }, new Example { ["input_ids"] = new[] { 5, 2 } }]);
        batch["labels"] = tensor(new long[,] { { 5, 6, 2 }, { 8, 2, -100 } }).DetachFromDisposeScope();
        return batch;
    }

    private static Dictionary<string, float[]> Gradients(PretrainedModel model, Recomputation? recomputation)
    {
        using var scope = NewDisposeScope();
        using var batch = TwoTexts();
        model.zero_grad(set_to_none: true);
        random.manual_seed(5);
        model.call(batch).Loss!.backward();
        recomputation?.Complete();
        return model.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
    }

    private static Tensor Logits(PretrainedModel model, long[] target)
    {
        using var batch = new DataCollatorWithPadding(1).Collate([new Example { ["input_ids"] = new[] { 7, 8, 2 } }]);
        batch["labels"] = tensor(target).unsqueeze(0).DetachFromDisposeScope();
        return model.call(batch).Logits;
    }

    // Adds a head to the file, made of the bytes of the embedding.
    private static void Rewrite(string folder, Func<byte[], byte[]> head)
    {
        var path = Path.Combine(folder, WeightFiles.SingleName);
        List<SafetensorsTensor> tensors = [];
        using (var files = WeightFiles.Open(folder))
        {
            tensors.AddRange(files.Entries.Values.Select(e => new SafetensorsTensor(e.Name, e.DType, e.Shape, files.GetBytes(e.Name).ToArray())));
            var shared = files.Entries["shared.weight"];
            tensors.Add(new SafetensorsTensor("lm_head.weight", shared.DType, shared.Shape, head(files.GetBytes(shared.Name).ToArray())));
        }
        SafetensorsWriter.Write(path, tensors);
    }
}
