using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native.Kernels;

[TestClass]
public class FewRowsProductTests
{
    // Sizes on both sides of what is computed together: 4 rows of the matrix, 16 numbers, 4 vectors.
    private static readonly (long Inputs, long Outputs)[] _sizes = [(1, 1), (5, 3), (16, 4), (33, 7), (64, 131), (130, 64), (771, 515), (256, 3073)];

    public static IEnumerable<object[]> Products =>
        from size in _sizes from rows in new[] { 1, 2, 3, 4, 5, 8, 16 } from transposed in new[] { false, true } select new object[] { size.Inputs, size.Outputs, rows, transposed };

    [TestMethod]
    [DynamicData(nameof(Products))]
    public void Products_are_those_of_libtorch(long inputs, long outputs, int rows, bool transposed)
    {
        RequireKernels();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var generator = new Generator(1);
        Tensor Random(params long[] shape) => randn(shape, generator: generator);
        var (input, matrix) = (Random(1, rows, inputs), transposed ? Random(inputs, outputs) : Random(outputs, inputs));
        foreach (var bias in new[] { null, Random(outputs) })
        {
            Assert.IsTrue(FewRowsProduct.Applies(input, matrix, transposed, bias));
            var product = FewRowsProduct.Multiply(input, matrix, transposed, bias);
            var exact = nn.functional.linear(input.to(ScalarType.Float64), (transposed ? matrix.t() : matrix).to(ScalarType.Float64), bias?.to(ScalarType.Float64));
            CollectionAssert.AreEqual(new[] { 1, rows, outputs }, product.shape);
            Assert.AreEqual(0, (product.to(ScalarType.Float64) - exact).abs().max().item<double>(), 1e-5 * Math.Sqrt(inputs));
        }
    }

    [TestMethod]
    public void A_view_is_multiplied_as_what_it_shows()
    {
        RequireKernels();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (input, matrix) = (randn(40, 6).t(), randn(9, 40));
        Assert.IsTrue(allclose(nn.functional.linear(input, matrix), FewRowsProduct.Multiply(input, matrix, transposed: false, bias: null), atol: 1e-4));
    }

    [TestMethod]
    public void What_the_kernel_does_not_compute_is_left_to_libtorch()
    {
        RequireKernels();
        using var scope = NewDisposeScope();
        var (input, matrix) = (randn(2, 8), randn(4, 8));
        Assert.IsFalse(Applies(input, matrix), "gradients");
        using var noGrad = no_grad();
        Assert.IsTrue(Applies(input, matrix));
        Assert.IsFalse(Applies(randn(17, 8), matrix), "many rows");
        Assert.IsFalse(Applies(randn(2, 7), matrix), "another size");
        Assert.IsFalse(Applies(input.to(ScalarType.BFloat16), matrix.to(ScalarType.BFloat16)), "another type");
        Assert.IsFalse(Applies(input, randn(8, 4).t()), "a view of a matrix");
        Assert.IsFalse(FewRowsProduct.Applies(input, matrix, transposed: false, randn(4).to(ScalarType.BFloat16)), "a bias of another type");
        using var casting = Autocast.Use(DeviceType.CPU, new(true, ScalarType.BFloat16));
        Assert.IsFalse(Applies(input, matrix), "autocast");

        static bool Applies(Tensor input, Tensor matrix) => FewRowsProduct.Applies(input, matrix, transposed: false, bias: null);
    }

    private static void RequireKernels()
    {
        if (!KernelTensors.IsSupported)
            Assert.Inconclusive("This processor has no vectors for which the kernels are written.");
    }
}
