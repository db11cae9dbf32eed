using System.Runtime.ExceptionServices;
using Microsoft.ML.HfTrainer.Precision;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Precision;

[TestClass]
public class CastWeightsTests
{
    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void Weights_are_in_the_type_and_then_what_they_were(ScalarType type)
    {
        using var model = TinyBert.Model();
        var (before, held, live) = (TinyBert.Weights(model), model.parameters().ToList(), new LiveTensors());
        using (new CastWeights(model, type))
        {
            Assert.IsTrue(model.parameters().All(p => p.dtype == type));
            using var scope = NewDisposeScope();
            using var batch = TinyBert.Batch(5, packed: true);
            Assert.AreEqual(type, model.call(batch).Logits.dtype);
        }
        live.AssertUnchanged();
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(before[name], values, name);
        // An optimizer that holds the weights still does.
        Assert.IsTrue(held.Zip(model.parameters()).All(p => ReferenceEquals(p.First, p.Second) && p.First.requires_grad));
    }

    // On a thread of its own, which ends with the test: under Wine, native state of the thread that libtorch changes during a cast is not restored when the cast throws, and
    // later tests would have no gradients.
    [TestMethod]
    public void A_cast_that_fails_halfway_restores_the_weights()
    {
        var failure = default(ExceptionDispatchInfo);
        var thread = new Thread(() =>
        {
            try
            {
                FailHalfway();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void FailHalfway()
    {
        using var model = new Growing();
        var live = new LiveTensors();
        Assert.Throws<Exception>(() => new CastWeights(model, ScalarType.BFloat16));
        live.AssertUnchanged();
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.Float32));
        Assert.AreEqual(3, model.Small.sum().item<float>());
    }

    // The second weight takes no memory as it is, and more than there is in another type.
    private sealed class Growing : nn.Module
    {
        public Growing() : base(nameof(Growing))
        {
            (Small, Huge) = (new TorchSharp.Modules.Parameter(ones(3)), new TorchSharp.Modules.Parameter(zeros(1).expand(1L << 44), requires_grad: false));
            register_parameter("small", Small);
            register_parameter("huge", Huge);
        }

        public TorchSharp.Modules.Parameter Small { get; }

        public TorchSharp.Modules.Parameter Huge { get; }
    }
}
