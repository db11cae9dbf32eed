using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Precision;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Precision;

[TestClass]
public class MixedPrecisionTests
{
    [TestMethod]
    [DataRow(ScalarType.BFloat16, true, 0.02)]
    [DataRow(ScalarType.BFloat16, false, 0.02)]
    [DataRow(ScalarType.Float16, true, 0.003)]
    [DataRow(ScalarType.Float16, false, 0.003)]
    public void Outputs_and_gradients_are_float32_and_near_those_of_float32(ScalarType type, bool packed, double tolerance)
    {
        using var model = TinyBert.Model();
        var (exactLogits, exactGradients) = Run(model, null, packed);
        var (logits, gradients) = Run(model, type, packed);
        AssertNear(exactLogits, logits, tolerance);
        Assert.IsFalse(exactLogits.SequenceEqual(logits));
        foreach (var (name, exact) in exactGradients)
            AssertNear(exact, gradients[name], 10 * tolerance);
    }

    [TestMethod]
    public void Dropout_draws_in_the_smaller_type()
    {
        using var model = TinyBert.Model(dropout: 0.5);
        model.UseRandomStream(RandomStream.Fast);
        model.train();
        var (logits, _) = Run(model, ScalarType.BFloat16, packed: true);
        Assert.IsTrue(logits.All(float.IsFinite));
    }

    [TestMethod]
    public void On_the_CPU_float16_is_ignored_with_a_warning()
    {
        var log = new MessageLog();
        using var model = TinyBert.Model();
        Assert.IsNull(MixedPrecision.For(new PrecisionSettings { ComputeType = ScalarType.Float16 }, CPU, log).Attach(model));
        Assert.HasCount(1, log.Warnings);
        StringAssert.Contains(log.Warnings[0], "Fp16");
        using var casting = MixedPrecision.For(new PrecisionSettings { ComputeType = ScalarType.BFloat16 }, CPU, log).Attach(model);
        Assert.IsNotNull(casting);
    }

    [TestMethod]
    public void Casting_ends_with_the_call_even_one_that_throws_and_with_the_use()
    {
        using var model = TinyBert.Model();
        var (exact, _) = Run(model, null, packed: true);
        using (new MixedPrecision(CPU, ScalarType.BFloat16).Attach(model))
        {
            using var empty = new Batch();
            Assert.ThrowsExactly<KeyNotFoundException>(() => model.call(empty));
            var (logits, _) = Run(model, null, packed: true);
            Assert.IsFalse(Autocast.Current(DeviceType.CPU).IsEnabled);
            Assert.IsFalse(logits.SequenceEqual(exact));
        }
        Assert.IsFalse(Autocast.Current(DeviceType.CPU).IsEnabled);
        CollectionAssert.AreEqual(exact, Run(model, null, packed: true).Logits);
    }

    private static (float[] Logits, Dictionary<string, float[]> Gradients) Run(PretrainedModel model, ScalarType? type, bool packed)
    {
        using var scope = NewDisposeScope();
        using var batch = TinyBert.Batch(6, packed);
        model.zero_grad();
        var precision = new MixedPrecision(CPU, type);
        using var attached = precision.Attach(model);
        var output = model.call(batch);
        precision.Backward(output.Loss!);
        Assert.AreEqual(type == ScalarType.Float16, precision.Scaler is not null);
        Assert.IsTrue(precision.Unscale([.. model.parameters().Select(p => p.grad!)], new SingleProcess()));
        return (output.Logits.data<float>().ToArray(), model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray()));
    }

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        var scale = Math.Max(expected.Max(Math.Abs), 0.1);
        foreach (var (should, was) in expected.Zip(actual))
            Assert.AreEqual(should, was, tolerance * scale);
    }
}
