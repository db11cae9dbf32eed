using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Precision;
using Microsoft.ML.HfTrainer.Tests.Distributed;
using Microsoft.ML.HfTrainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>What is decided over all processes goes through the communicator.</summary>
[TestClass]
public class SeveralProcessesTests
{
    private readonly ICommunicator _two = new AlikeProcesses(2);

    [TestMethod]
    public void Labels_are_counted_over_all_processes()
    {
        using var model = TinyBert.Model();
        using var batch = new Batch { Size = 4, OwnLabelCount = 3 };
        new LabelCounter(new TrainingArguments(), model, _two).CountUpdate([batch]);
        Assert.AreEqual(3, batch.OwnLabelCount);
        Assert.AreEqual(6, batch.LabelCount);
    }

    [TestMethod]
    public void An_update_has_the_examples_of_all_processes()
    {
        var loader = new DataLoader(TinyBert.Data(16), null, TinyBert.Collator, 4);
        var plan = StepPlan.Make(new TrainingArguments { GradientAccumulationSteps = 2 }, loader, worldSize: 3);
        Assert.AreEqual(24, plan.ExamplesPerUpdate);
        Assert.AreEqual((2, 4), plan.Smaller());
    }

    [TestMethod]
    public void Gradients_are_clipped_by_the_norm_over_all_processes()
    {
        using var scope = NewDisposeScope();
        var gradient = tensor([3f, 4f]);
        Assert.AreEqual(5 * MathF.Sqrt(2), GradientClipping.Clip([gradient], 1, _two)!.item<float>(), 1e-5);
        Assert.AreEqual(1 / MathF.Sqrt(2), gradient.norm().item<float>(), 1e-5);
    }

    [TestMethod]
    public void An_overflow_on_another_process_skips_the_step_here_too()
    {
        using var gradient = ones(2);
        var precision = new MixedPrecision(CPU, ScalarType.Float16);
        Assert.IsTrue(precision.Unscale([gradient], _two));
        Assert.IsFalse(precision.Unscale([gradient], new Overflowing()));
    }

    [TestMethod]
    public void A_flag_of_another_process_is_followed_here_too()
    {
        var control = new TrainerControl { ShouldLog = true };
        control.Agree(new SingleProcess());
        Assert.IsTrue(control is { ShouldLog: true, ShouldTrainingStop: false, ShouldSave: false });
        control.Agree(new Overflowing());
        Assert.IsTrue(control is { ShouldTrainingStop: true, ShouldEpochStop: true, ShouldSave: true, ShouldEvaluate: true, ShouldLog: true });
    }

    // The other process has a larger value.
    private sealed class Overflowing : ICommunicator
    {
        public int WorldSize => 2;

        public bool IsMain => false;

        public long AllReduce(long value, ReduceOperation operation) => Math.Max(value, 1);

        public void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation)
        {
            foreach (var tensor in tensors)
                tensor.fill_(1);
        }

        public Tensor AllReduceNorm(Tensor norm) => norm;

        public void Broadcast(IReadOnlyList<Tensor> tensors) => throw new NotSupportedException();

        public Tensor AllGather(Tensor tensor) => throw new NotSupportedException();

        public Tensor ReduceScatter(Tensor tensor) => throw new NotSupportedException();

        public void Barrier() => throw new NotSupportedException();

        public void Abort(int code) => throw new NotSupportedException();
    }
}
