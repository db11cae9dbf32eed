using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Native.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native.Kernels;

[TestClass]
public class RootMeanSquareNormTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void It_is_the_norm_that_is_trained(bool unitOffset)
    {
        using var scope = NewDisposeScope();
        using var norm = new RmsNorm(37, 1e-6, unitOffset);
        foreach (var (_, weight) in norm.named_parameters())
            using (no_grad())
                weight.normal_();
        foreach (var input in new[] { randn(1, 1, 37), randn(5, 40, 37) * 100, randn(37, 3).t(), randn(0, 37) })
        {
            var trained = norm.Forward(input).detach();
            using var noGrad = no_grad();
            Assert.AreEqual(KernelTensors.IsSupported, KernelTensors.Accept(input));
            CollectionAssert.AreEqual(trained.shape, norm.Forward(input).shape);
            Assert.IsTrue(allclose(trained, norm.Forward(input), rtol: 1e-5, atol: 1e-5));
        }
    }
}
