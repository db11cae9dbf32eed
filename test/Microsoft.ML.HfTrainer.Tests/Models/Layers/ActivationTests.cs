using System.Text;
using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class ActivationTests
{
    // Values of Hugging Face Transformers 5.24 at these points.
    private static readonly float[] _points = [-12, -3, -1, -0.25f, 0, 0.5f, 2, 12];

    [TestMethod]
    [DataRow("gelu", 0, -0.004049867, -0.1586553, -0.1003234, 0, 0.3457312, 1.9545, 12)]
    [DataRow("gelu_10", 0, -0.004049867, -0.1586553, -0.1003234, 0, 0.3457312, 1.9545, 10)]
    [DataRow("gelu_accurate", 0, -0.003637433, -0.158808, -0.1003246, 0, 0.345714, 1.954598, 12)]
    [DataRow("gelu_fast", 0, -0.003637433, -0.158808, -0.1003246, 0, 0.345714, 1.954598, 12)]
    [DataRow("gelu_new", 0, -0.003637433, -0.158808, -0.1003246, 0, 0.345714, 1.954598, 12)]
    [DataRow("gelu_python", 0, -0.004049689, -0.1586553, -0.1003234, 0, 0.3457312, 1.9545, 12)]
    [DataRow("gelu_python_tanh", 0, -0.003637433, -0.158808, -0.1003246, 0, 0.345714, 1.954598, 12)]
    [DataRow("gelu_pytorch_tanh", 0, -0.003637433, -0.158808, -0.1003246, 0, 0.345714, 1.954598, 12)]
    [DataRow("hardswish", 0, 0, -0.3333333, -0.1145833, 0, 0.2916667, 1.666667, 12)]
    [DataRow("laplace", 0, 0, 0, 0.000345856, 0.006094456, 0.2314211, 0.9999977, 1)]
    [DataRow("leaky_relu", -0.12, -0.03, -0.01, -0.0025, 0, 0.5, 2, 12)]
    [DataRow("linear", -12, -3, -1, -0.25, 0, 0.5, 2, 12)]
    [DataRow("mish", -7.373032e-05, -0.1456475, -0.3034014, -0.129927, 0, 0.3752452, 1.943959, 12)]
    [DataRow("quick_gelu", -1.618642e-08, -0.01807131, -0.1542042, -0.09880035, 0, 0.3503884, 1.935659, 12)]
    [DataRow("relu", 0, 0, 0, 0, 0, 0.5, 2, 12)]
    [DataRow("relu2", 0, 0, 0, 0, 0, 0.25, 4, 144)]
    [DataRow("relu6", 0, 0, 0, 0, 0, 0.5, 2, 6)]
    [DataRow("sigmoid", 6.144174e-06, 0.04742587, 0.2689414, 0.4378235, 0.5, 0.6224594, 0.880797, 0.9999938)]
    [DataRow("silu", -7.373009e-05, -0.1422776, -0.2689414, -0.1094559, 0, 0.3112297, 1.761594, 11.99993)]
    [DataRow("sqrtsoftplus", 0.002478748, 0.2204254, 0.5596979, 0.7589067, 0.8325546, 0.9869534, 1.458399, 3.464103)]
    [DataRow("swish", -7.373009e-05, -0.1422776, -0.2689414, -0.1094559, 0, 0.3112297, 1.761594, 11.99993)]
    [DataRow("tanh", -1, -0.9950548, -0.7615942, -0.2449187, 0, 0.4621172, 0.9640276, 1)]
    public void Each_function_of_Hugging_Face_has_its_name_and_values(string name, params double[] expected)
    {
        using var scope = NewDisposeScope();
        var values = Activation.Get(name).Forward(tensor(_points)).data<float>().ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], values[i], 1e-6 + 2e-6 * Math.Abs(expected[i]), $"at {_points[i]}");
    }

    // The values of those in float32; Hugging Face computes a new xielu in bfloat16.
    [TestMethod]
    [DataRow("prelu", 0, -3, -0.75, -0.25, -0.0625, 0, 0.5, 2, 12)]
    [DataRow("xielu", 4e-2, 2.808599, 0.141431, -0.205409, -0.1019369, -7.994819e-07, 0.4501953, 4.203125, 121.3125)]
    public void An_activation_with_weights_registers_them(string name, double relative, params double[] expected)
    {
        using var scope = NewDisposeScope();
        using var block = new GatedFeedForward(2, 2, Activation.Get(name));
        block.InitializeWeights();
        using var layer = new Block();
        var activation = Activation.Get(name).In(layer, "act");
        layer.InitializeWeights();
        var values = activation.Forward(tensor(_points)).data<float>().ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], values[i], 1e-6 + relative * 0.1 * Math.Abs(expected[i]), $"at {_points[i]}");
        Assert.IsTrue(block.named_parameters().Any(p => p.name.StartsWith("act_fn.", StringComparison.Ordinal)));
        Assert.Contains("has weights", Assert.ThrowsExactly<NotSupportedException>(() => Activation.Get(name).Forward(tensor(1f))).Message);
    }

    // The names of Hugging Face Transformers 5.24.
    [TestMethod]
    [DataRow("bert", ModelHead.MaskedLM, "hidden_act", "bert.encoder.layer.0.intermediate.intermediate_act_fn.weight cls.predictions.transform.transform_act_fn.weight")]
    [DataRow("mpnet", ModelHead.Base, "hidden_act", "encoder.layer.0.intermediate.intermediate_act_fn.weight")]
    [DataRow("deberta-v2", ModelHead.MaskedLM, "hidden_act", "cls.predictions.transform.transform_act_fn.weight deberta.encoder.layer.0.intermediate.intermediate_act_fn.weight")]
    [DataRow("albert", ModelHead.MaskedLM, "hidden_act", "albert.encoder.albert_layer_groups.0.albert_layers.0.activation.weight predictions.activation.weight")]
    [DataRow("distilbert", ModelHead.MaskedLM, "activation", "activation.weight distilbert.transformer.layer.0.ffn.activation.weight")]
    [DataRow("electra", ModelHead.MultipleChoice, "summary_activation", "sequence_summary.activation.weight")]
    [DataRow("modernbert", ModelHead.SequenceClassification, "classifier_activation", "head.act.weight")]
    [DataRow("modernbert", ModelHead.Base, "hidden_activation", "layers.0.mlp.act.weight")]
    [DataRow("bart", ModelHead.Seq2SeqLM, "activation_function", "model.decoder.layers.0.activation_fn.weight model.encoder.layers.0.activation_fn.weight")]
    [DataRow("t5", ModelHead.Seq2SeqLM, "feed_forward_proj", "decoder.block.0.layer.2.DenseReluDense.act.weight encoder.block.0.layer.1.DenseReluDense.act.weight")]
    [DataRow("gpt2", ModelHead.CausalLM, "activation_function", "transformer.h.0.mlp.act.weight")]
    [DataRow("gpt_neox", ModelHead.CausalLM, "hidden_act", "gpt_neox.layers.0.mlp.act.weight")]
    [DataRow("opt", ModelHead.CausalLM, "activation_function", "model.decoder.layers.0.activation_fn.weight")]
    [DataRow("llama", ModelHead.CausalLM, "hidden_act", "model.layers.0.mlp.act_fn.weight")]
    [DataRow("phi3", ModelHead.CausalLM, "hidden_act", "model.layers.0.mlp.activation_fn.weight")]
    [DataRow("gemma3_text", ModelHead.CausalLM, "hidden_activation", "model.layers.0.mlp.act_fn.weight")]
    public void The_weights_of_an_activation_have_their_names(string type, ModelHead head, string field, string expected)
    {
        const string Sizes = """
            "vocab_size": 20, "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2, "embedding_size": 8, "pad_token_id": 0, "n_embd": 8, "n_layer": 1, "n_head": 2,
            "d_model": 8, "d_kv": 4, "d_ff": 8, "num_layers": 1, "num_heads": 2, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 8,
            "decoder_ffn_dim": 8, "dim": 8, "hidden_dim": 8, "n_layers": 1, "n_heads": 2, "ffn_dim": 8, "word_embed_proj_dim": 8, "max_position_embeddings": 16, "rotary_pct": 1
            """;
        var config = PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes($$"""{ "model_type": "{{type}}", "{{field}}": "prelu", {{Sizes}} }"""));
        using var model = Microsoft.ML.HfTrainer.Models.ModelLoading.FromConfig(config, null, head);
        var slopes = model.named_parameters().Where(p => p.parameter.shape is [1] && !p.name.EndsWith("bias", StringComparison.Ordinal)).ToList();
        Assert.AreEqual(expected, string.Join(' ', slopes.Select(p => p.name).Order(StringComparer.Ordinal)));
        Assert.IsTrue(slopes.All(p => p.parameter.item<float>() == 0.25f));
    }

    [TestMethod]
    public void A_registered_activation_is_found_by_the_name_in_a_configuration()
    {
        using var scope = NewDisposeScope();
        Activation.Register(new Activation("test_square", x => x * x));
        var config = PretrainedConfig.Parse("config.json", """{ "hidden_act": "test_square" }"""u8);
        Assert.AreEqual(9, Activation.FromConfig(config, "hidden_act", "gelu").Forward(tensor(-3f)).item<float>());
        Assert.AreSame(Activation.Gelu, Activation.FromConfig(config, "activation_function", "gelu"));
    }

    [TestMethod]
    [DataRow("gelo", "\"hidden_act\" names the activation 'gelo', which is not known; it should be one of gelu, gelu_10")]
    public void A_name_that_is_wrong_is_refused_with_its_field(string name, string expected)
    {
        var config = PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes($$"""{ "hidden_act": "{{name}}" }"""));
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => Activation.FromConfig(config, "hidden_act", "gelu")).Message);
    }

    private sealed class Block : Layer;
}
