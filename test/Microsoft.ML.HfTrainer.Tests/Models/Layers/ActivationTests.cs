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
    [DataRow("prelu", "\"hidden_act\" names the activation 'prelu', whose trained weights are not supported")]
    public void A_name_that_is_wrong_is_refused_with_its_field(string name, string expected)
    {
        var config = PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes($$"""{ "hidden_act": "{{name}}" }"""));
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => Activation.FromConfig(config, "hidden_act", "gelu")).Message);
    }
}
