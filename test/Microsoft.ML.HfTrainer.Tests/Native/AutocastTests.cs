using Microsoft.ML.HfTrainer.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public class AutocastTests
{
    private static readonly AutocastState _bf16 = new(true, ScalarType.BFloat16);

    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void Products_are_in_the_smaller_type_and_losses_in_float32(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(4, 4), rand(4, 4));
        using (Autocast.Use(DeviceType.CPU, new AutocastState(true, type)))
        {
            var product = matmul(a, b);
            Assert.AreEqual(type, product.dtype);
            Assert.AreEqual(ScalarType.Float32, nn.functional.mse_loss(product, product).dtype);
            // Neither list names it: it keeps its input's type.
            Assert.AreEqual(ScalarType.Float32, nn.functional.gelu(a).dtype);
        }
        Assert.AreEqual(ScalarType.Float32, matmul(a, b).dtype);
    }

    [TestMethod]
    public void Uses_are_nested_and_each_goes_back_to_what_was_before()
    {
        var before = Autocast.Current(DeviceType.CPU);
        Assert.IsFalse(before.IsEnabled);
        using (Autocast.Use(DeviceType.CPU, _bf16))
        {
            var inner = new AutocastState(false, ScalarType.Float16, KeepsCasts: false);
            using (Autocast.Use(DeviceType.CPU, inner))
                Assert.AreEqual(inner, Autocast.Current(DeviceType.CPU));
            Assert.AreEqual(_bf16, Autocast.Current(DeviceType.CPU));
        }
        Assert.AreEqual(before, Autocast.Current(DeviceType.CPU));
    }

    [TestMethod]
    public void Weights_that_change_between_two_uses_are_cast_again()
    {
        using var scope = NewDisposeScope();
        var (weight, input) = (ones(2, 2, requires_grad: true), ones(1, 2));
        Assert.AreEqual(2f, Product());
        using (no_grad())
            weight.mul_(3);
        Assert.AreEqual(6f, Product());

        float Product()
        {
            using var casting = Autocast.Use(DeviceType.CPU, _bf16);
            return matmul(input, weight)[0, 0].to(ScalarType.Float32).item<float>();
        }
    }

    [TestMethod]
    public void Gradients_of_weights_are_in_float32()
    {
        using var scope = NewDisposeScope();
        var weight = rand(3, 3, requires_grad: true);
        Tensor loss;
        using (Autocast.Use(DeviceType.CPU, _bf16))
            loss = matmul(rand(2, 3), weight).sum();
        loss.backward();
        Assert.AreEqual(ScalarType.Float32, weight.grad!.dtype);
    }
}
