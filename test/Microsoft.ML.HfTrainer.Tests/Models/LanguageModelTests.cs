using System.Text;
using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Decoders with learned positions and their kin, on small models with new weights.</summary>
[TestClass]
public class LanguageModelTests
{
    private static readonly Dictionary<string, string> _configs = new()
    {
        ["gpt2"] = """{ "model_type": "gpt2", "vocab_size": 60, "n_embd": 16, "n_layer": 2, "n_head": 4, "n_positions": 32, "pad_token_id": 0, "initializer_range": 0.3 }""",
        ["opt"] = """{ "model_type": "opt", "vocab_size": 60, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "ffn_dim": 24, "max_position_embeddings": 32, "word_embed_proj_dim": 12, "do_layer_norm_before": false, "pad_token_id": 0, "init_std": 0.3 }""",
        ["gpt_neox"] = """{ "model_type": "gpt_neox", "vocab_size": 60, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24, "max_position_embeddings": 32, "rotary_pct": 0.5, "use_parallel_residual": false, "pad_token_id": 0, "initializer_range": 0.3 }""",
    };

    private static readonly int[][] _texts = [[5, 9, 33, 7, 12], [8, 41], [11, 30, 52, 6, 6, 28, 19]];

    public static IEnumerable<object[]> Types => _configs.Keys.Select(type => new object[] { type });

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_packed_batch_gives_what_a_padded_one_gives(string type)
    {
        using var scope = NewDisposeScope();
        using var model = AutoModelForCausalLM.FromConfig(Config(type));
        var (padded, packed) = (Run(model, Padded(Side.Right)), Run(model, Padded(Side.Right), packed: true));
        AssertClose(padded.Loss!, packed.Loss!);
        foreach (var (row, text) in _texts.Index())
            AssertClose(padded.Logits[row].narrow(0, 0, text.Length), packed.Logits[row].narrow(0, 0, text.Length));
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Texts_joined_to_one_row_give_what_each_gives_alone(string type)
    {
        using var scope = NewDisposeScope();
        using var model = AutoModelForCausalLM.FromConfig(Config(type));
        var joined = Run(model, new DataCollatorWithFlattening().Collate(Examples()));
        var start = 0;
        var losses = 0f;
        foreach (var text in _texts)
        {
            var alone = Run(model, new DefaultDataCollator().Collate([Example(text)]));
            AssertClose(alone.Logits[0], joined.Logits[0].narrow(0, start, text.Length));
            losses += alone.Loss!.item<float>() * (text.Length - 1);
            start += text.Length;
        }
        Assert.AreEqual(losses / _texts.Sum(text => text.Length - 1), joined.Loss!.item<float>(), 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_text_is_classified_by_its_last_token_wherever_its_padding_lies(string type)
    {
        using var scope = NewDisposeScope();
        using var model = AutoModelForSequenceClassification.FromConfig(Config(type), new() { NumLabels = 3 });
        var right = Run(model, Padded(Side.Right, labels: false));
        AssertClose(right.Logits, Run(model, Padded(Side.Right, labels: false), packed: true).Logits);
        foreach (var (row, text) in _texts.Index())
            AssertClose(right.Logits[row], Run(model, new DefaultDataCollator().Collate([new Example { ["input_ids"] = text }])).Logits[0]);
        // Positions that count padding are other positions: only OPT's do not.
        if (type == "opt")
            AssertClose(right.Logits, Run(model, Padded(Side.Left, labels: false)).Logits);
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Layers_that_are_computed_again_give_the_same_gradients(string type)
    {
        using var scope = NewDisposeScope();
        using var model = AutoModelForCausalLM.FromConfig(Config(type));
        using var batch = Padded(Side.Right);
        model.call(batch).Loss!.backward();
        var gradients = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        model.zero_grad();
        using var recomputation = new Recomputation();
        model.UseRecomputation(recomputation);
        model.train();
        foreach (var dropout in model.modules().OfType<Dropout>())
            dropout.eval();
        model.call(batch).Loss!.backward();
        recomputation.Complete();
        foreach (var (name, parameter) in model.named_parameters())
            AssertClose(gradients[name], parameter.grad!);
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_saved_language_model_is_loaded_with_the_same_bits(string type)
    {
        using var folder = new Formats.TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = AutoModelForCausalLM.FromConfig(Config(type));
        model.SavePretrained(folder.Path);
        using var again = AutoModelForCausalLM.FromPretrained(folder.Path);
        Assert.IsEmpty(again.LoadReport.Missing);
        Assert.IsEmpty(again.LoadReport.Unexpected);
        foreach (var ((name, saved), (_, loaded)) in model.named_parameters().Zip(again.named_parameters()))
            CollectionAssert.AreEqual(saved.bytes.ToArray(), loaded.bytes.ToArray(), name);
    }

    [TestMethod]
    [DataRow("gpt2", "n_head", 3)]
    [DataRow("gpt2", "add_cross_attention", true)]
    [DataRow("opt", "num_attention_heads", 5)]
    [DataRow("opt", "layer_norm_elementwise_affine", false)]
    [DataRow("gpt_neox", "num_attention_heads", 3)]
    [DataRow("gpt_neox", "hidden_act", "bent")]
    public void A_configuration_that_makes_no_model_is_refused_by_its_field(string type, string field, object value)
    {
        var config = Config(type);
        config.Set(field, value switch { int number => number, bool flag => flag, _ => (string)value });
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForCausalLM.FromConfig(config));
        Assert.Contains($"\"{field}\"", failure.Message);
    }

    private static PretrainedConfig Config(string type) => PretrainedConfig.Parse(type, Encoding.UTF8.GetBytes(_configs[type]));

    private static Example Example(int[] text) => new() { ["input_ids"] = text, ["labels"] = text };

    private static List<Example> Examples() => [.. _texts.Select(Example)];

    private static Batch Padded(Side side, bool labels = true)
    {
        var length = _texts.Max(text => text.Length);
        Example Row(int[] text)
        {
            var padding = Enumerable.Range(0, length - text.Length);
            int[] Fill(IEnumerable<int> values, int filler) => side == Side.Right ? [.. values, .. padding.Select(_ => filler)] : [.. padding.Select(_ => filler), .. values];
            var row = new Example { ["input_ids"] = Fill(text, 0), ["attention_mask"] = Fill(text.Select(_ => 1), 0) };
            if (labels)
                row["labels"] = Fill(text, -100);
            return row;
        }
        var made = new DefaultDataCollator().Collate([.. _texts.Select(Row)]);
        var batch = new Batch { Size = made.Size, HasPadding = true, Lengths = side == Side.Right ? [.. _texts.Select(text => text.Length)] : null };
        foreach (var (name, tensor) in made)
            batch[name] = tensor;
        return batch;
    }

    private static ModelOutput Run(PretrainedModel model, Batch batch, bool packed = false)
    {
        using var used = batch;
        using var noGrad = no_grad();
        batch.Packed = packed;
        return model.call(batch);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.AreEqual(0, ((expected - actual).abs() / (1 + expected.abs())).max().item<float>(), 1e-5);
    }
}
