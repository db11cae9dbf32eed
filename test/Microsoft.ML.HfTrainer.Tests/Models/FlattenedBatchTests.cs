using System.Text;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Several texts in one row without padding: each has the result that it has alone.</summary>
[TestClass]
public class FlattenedBatchTests
{
    private const string Encoder = """ "vocab_size": 30, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 20 """;

    private static readonly int[][] _texts = [[5, 6, 7], [8, 9, 10, 11, 12], [13], [14, 15]];

    [TestMethod]
    [DataRow("bert", Encoder, 0)]
    [DataRow("electra", Encoder, 0)]
    [DataRow("roberta", Encoder, 2)]
    [DataRow("xlm-roberta", Encoder, 2)]
    [DataRow("camembert", Encoder, 2)]
    [DataRow("mpnet", Encoder, 2)]
    [DataRow("albert", Encoder, 0)]
    [DataRow("distilbert", """ "vocab_size": 30, "dim": 16, "hidden_dim": 16, "n_layers": 2, "n_heads": 2, "max_position_embeddings": 20 """, 0)]
    [DataRow("deberta-v2", Encoder, 0)]
    [DataRow("deberta-v2", $$"""{{Encoder}}, "relative_attention": true, "pos_att_type": ["c2p", "p2c"], "position_buckets": 4, "position_biased_input": false """, 0)]
    [DataRow("modernbert", $$"""{{Encoder}}, "local_attention": 4, "pad_token_id": 0 """, 0)]
    public void A_masked_language_model_reads_each_text_alone(string type, string fields, int start) => AssertAlone(AutoModelForMaskedLM.FromConfig, type, fields, start);

    [TestMethod]
    [DataRow("gpt2", """ "vocab_size": 30, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 20 """)]
    [DataRow("opt", $$"""{{Encoder}}, "ffn_dim": 16, "word_embed_proj_dim": 16 """)]
    [DataRow("llama", Encoder)]
    [DataRow("gpt_neox", Encoder)]
    [DataRow("bert", $$"""{{Encoder}}, "is_decoder": true """)]
    public void A_causal_language_model_reads_each_text_alone(string type, string fields) => AssertAlone(AutoModelForCausalLM.FromConfig, type, fields, 0);

    [TestMethod]
    public void Texts_are_told_apart_by_other_tensors_than_positions()
    {
        using var scope = NewDisposeScope();
        using var model = AutoModelForMaskedLM.FromConfig(Config("modernbert", $$"""{{Encoder}}, "pad_token_id": 0 """));
        using var expected = Flattened(new DataCollatorWithFlattening());
        foreach (var collator in new[] { new DataCollatorWithFlattening(returnPositionIds: false, returnSeqIdx: true), new DataCollatorWithFlattening(returnPositionIds: false, returnFlashAttnKwargs: true) })
        {
            // Rotary embedding depends on distances alone.
            using var batch = Flattened(collator);
            AssertSame(model.call(expected).Logits, model.call(batch).Logits);
        }
    }

    [TestMethod]
    public void A_head_with_one_result_for_each_text_refuses_such_a_row()
    {
        using var scope = NewDisposeScope();
        using var batch = Flattened(new DataCollatorWithFlattening());
        batch.Remove(Batch.Labels, out var labels);
        labels!.Dispose();
        var config = Config("bert", Encoder);
        foreach (var make in new Func<PretrainedModel>[] { () => AutoModelForSequenceClassification.FromConfig(config), () => AutoModelForQuestionAnswering.FromConfig(config), () => AutoModelForSentenceEmbedding.FromConfig(config) })
        {
            using var model = make();
            Assert.Contains("DataCollatorWithFlattening", Assert.ThrowsExactly<NotSupportedException>(() => model.call(batch)).Message);
        }
        using var translator = AutoModelForSeq2SeqLM.FromConfig(Config("t5", """ "vocab_size": 30, "d_model": 8, "d_kv": 4, "d_ff": 8, "num_layers": 1, "num_heads": 2, "decoder_start_token_id": 0 """));
        batch["labels"] = tensor(new long[,] { { 1, 2 } });
        Assert.Contains("DataCollatorForSeq2Seq", Assert.ThrowsExactly<NotSupportedException>(() => translator.call(batch)).Message);
    }

    // Only texts that begin again where the row did are told apart: Hugging Face Transformers attends over the whole row here.
    [TestMethod]
    [DataRow(3, 2, 1, 0)]
    [DataRow(0, 1, 5, 6)]
    [DataRow(2, 4, 6, 8)]
    public void Positions_of_the_callers_own_leave_a_row_one_text(params int[] positions)
    {
        using var scope = NewDisposeScope();
        using var model = AutoModelForSequenceClassification.FromConfig(Config("bert", Encoder));
        using var bare = Row(hasPadding: false);
        using var masked = Row(hasPadding: true);
        masked["attention_mask"] = ones(1, 4, ScalarType.Int64);
        AssertSame(model.call(masked).Logits, model.call(bare).Logits);

        Batch Row(bool hasPadding) => new() { HasPadding = hasPadding, ["input_ids"] = tensor(new long[,] { { 5, 6, 7, 8 } }), ["position_ids"] = tensor(positions.Select(p => (long)p).ToArray()).unsqueeze(0) };
    }

    // As in Hugging Face Transformers, whatever is not 0 is a token.
    [TestMethod]
    [DataRow("bert", Encoder)]
    [DataRow("roberta", Encoder)]
    [DataRow("deberta-v2", $$"""{{Encoder}}, "relative_attention": true, "pos_att_type": ["c2p"] """)]
    [DataRow("opt", $$"""{{Encoder}}, "ffn_dim": 16, "word_embed_proj_dim": 16 """)]
    [DataRow("llama", Encoder)]
    public void A_mask_of_real_numbers_hides_what_is_0(string type, string fields)
    {
        using var scope = NewDisposeScope();
        using var model = AutoModel.FromConfig(Config(type, fields));
        var ids = tensor(new long[,] { { 5, 6, 7, 0 }, { 8, 9, 10, 11 } });
        var mask = tensor(new long[,] { { 1, 1, 1, 0 }, { 1, 1, 1, 1 } });
        using var whole = new Batch { ["input_ids"] = ids.clone(), ["attention_mask"] = mask };
        using var real = new Batch { ["input_ids"] = ids, ["attention_mask"] = mask.to(ScalarType.Float32) };
        AssertSame(model.call(whole).Logits, model.call(real).Logits);
        using var wide = new Batch { ["input_ids"] = ids.clone(), ["attention_mask"] = zeros(2, 1, 4, 4) };
        Assert.Contains("[2, 1, 4, 4]", Assert.Throws<ArgumentException>(() => model.call(wide)).Message);
    }

    [TestMethod]
    public void Examples_with_a_mask_of_real_numbers_are_collated()
    {
        var example = new Example { ["input_ids"] = new[] { 5, 6, 7 }, ["attention_mask"] = new[] { 1f, 1, 0 } };
        using var batch = new DataCollatorWithPadding(0).Collate([example]);
        Assert.IsNull(batch.Lengths);
        Assert.IsTrue(batch.HasPadding);
    }

    private static void AssertAlone(Func<PretrainedConfig, FromPretrainedOptions?, PretrainedModel> make, string type, string fields, int start)
    {
        foreach (var attention in new[] { AttentionImplementation.Sdpa, AttentionImplementation.Eager })
        {
            using var scope = NewDisposeScope();
            using var model = make(Config(type, fields), new() { Attention = attention });
            using var batch = Flattened(new DataCollatorWithFlattening(positionIdsStart: start));
            var together = model.call(batch).Logits[0];
            var at = 0L;
            foreach (var text in _texts)
            {
                using var alone = new Batch { ["input_ids"] = tensor(text.Select(id => (long)id).ToArray()).unsqueeze(0) };
                AssertSame(model.call(alone).Logits[0], together.narrow(0, at, text.Length));
                at += text.Length;
            }
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual) => Assert.IsLessThan(1e-4f, (expected - actual).abs().max().item<float>());

    private static Batch Flattened(DataCollatorWithFlattening collator) => collator.Collate([.. _texts.Select(text => new Example { ["input_ids"] = text })]);

    private static PretrainedConfig Config(string type, string fields) => PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes($$"""{ "model_type": "{{type}}", "initializer_range": 0.5, {{fields}} }"""));
}
