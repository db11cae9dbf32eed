using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class SmallerBatchesTests
{
    [TestMethod]
    [DataRow(TrainSamplingStrategy.Random, 0, DisplayName = "from the first update on")]
    [DataRow(TrainSamplingStrategy.Random, 1, DisplayName = "within an epoch")]
    [DataRow(TrainSamplingStrategy.GroupByLength, 1, DisplayName = "within an epoch grouped by length")]
    [DataRow(TrainSamplingStrategy.GroupByLength, 3, DisplayName = "at the beginning of an epoch grouped by length")]
    public void A_batch_that_does_not_fit_is_made_smaller_and_the_run_stays_the_same(TrainSamplingStrategy sampling, int after)
    {
        var (model, log) = (TinyBert.Model(), new MessageLog());
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 8, NumTrainEpochs = 2, LearningRate = 0.01, LoggingSteps = 1, AutoFindBatchSize = true, TrainSamplingStrategy = sampling };
        using (model)
        {
            using var usual = new Trainer(model, args, TinyBert.Data(20), dataCollator: TinyBert.Collator);
            usual.Train();
            using var again = TinyBert.Model();
            using var trainer = new Limited(again, args, TinyBert.Data(20), log, fits: 3, after);
            trainer.Train();
            StringAssert.Contains(log.Warnings[0], "8 examples does not fit the memory; training goes on with 4, 2 of them");
            StringAssert.Contains(log.Warnings[1], "4 examples does not fit the memory; training goes on with 2, 4 of them");
            Assert.AreEqual(6, trainer.State.GlobalStep);
            Assert.AreEqual(2.0, trainer.State.Epoch);
            foreach (var (should, was) in usual.State.LogHistory.SkipLast(1).Zip(trainer.State.LogHistory))
                Assert.AreEqual(should["loss"], was["loss"], 1e-4, $"update {should["step"]}");
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Where_the_last_examples_are_dropped_the_same_ones_are_and_the_updates_stay(bool ofStream)
    {
        // Batches of 6 take 18 of 20 examples; batches of 4 would take all.
        var args = new TrainingArguments
        {
            PerDeviceTrainBatchSize = 6, GradientAccumulationSteps = 2, NumTrainEpochs = 2, MaxSteps = ofStream ? 4 : -1, LearningRate = 0.01, LoggingSteps = 1, AutoFindBatchSize = true,
            DataloaderDropLast = true,
        };
        Dataset data = ofStream ? IterableDataset.From(() => TinyBert.Data(20)) : TinyBert.Data(20);
        using var model = TinyBert.Model();
        using var usual = new Trainer(model, args, data, dataCollator: TinyBert.Collator);
        usual.Train();
        using var again = TinyBert.Model();
        using var trainer = new Limited(again, args, data, new MessageLog(), fits: 5, after: 1);
        trainer.Train();
        Assert.AreEqual(4, trainer.State.GlobalStep);
        Assert.AreEqual(usual.State.LogHistory.Count, trainer.State.LogHistory.Count);
        foreach (var (should, was) in usual.State.LogHistory.SkipLast(1).Zip(trainer.State.LogHistory))
            Assert.AreEqual(should["loss"], was["loss"], 1e-4, $"update {should["step"]}");
        Assert.AreEqual(usual.State.LogHistory[^1]["train_loss"], trainer.State.LogHistory[^1]["train_loss"], 1e-4);
    }

    [TestMethod]
    public void Every_update_counts_its_examples_tokens_and_operations_once()
    {
        var args = new TrainingArguments
        {
            PerDeviceTrainBatchSize = 8, MaxSteps = 3, AutoFindBatchSize = true, IncludeNumInputTokensSeen = InputTokensSeen.NonPadding, TrainSamplingStrategy = TrainSamplingStrategy.Sequential,
        };
        // Texts of one length, so that the operations do not depend on the padding.
        var data = Dataset.From(Enumerable.Range(0, 24).Select(i => new Example { ["input_ids"] = new[] { 2, 5 + i, 7, 3 }, ["label"] = i % 3 }));
        var (examples, tokens, operations) = (new List<long>(), new List<long>(), new List<double>());
        foreach (var fits in new[] { 8, 3 })
        {
            using var model = TinyBert.Model();
            using var trainer = new Limited(model, args, data, new MessageLog(), fits, after: 1);
            trainer.AddCallback(new Noting(context => examples.Add(PaceOfUpdates.ExamplesPerUpdate(context))));
            trainer.Train();
            tokens.Add(trainer.State.NumInputTokensSeen);
            operations.Add(trainer.State.TotalFlos);
        }
        CollectionAssert.AreEqual(new long[] { 8, 8, 8, 8, 8, 8 }, examples);
        CollectionAssert.AreEqual(new long[] { 96, 96 }, tokens);
        Assert.IsGreaterThan(0, operations[0]);
        Assert.AreEqual(operations[0], operations[1]);
    }

    [TestMethod]
    public void State_that_the_optimizer_has_no_memory_for_is_made_with_smaller_batches()
    {
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 8, MaxSteps = 3, LearningRate = 0.01, LoggingSteps = 1, AutoFindBatchSize = true };
        using var model = TinyBert.Model();
        using var usual = new WithOptimizer(model, args, () => false, _ => { });
        usual.Train();
        using var again = TinyBert.Model();
        WithOptimizer trainer = null!;
        using (trainer = new WithOptimizer(again, args, () => trainer.BatchSize > 4, _ => { }))
        {
            trainer.Train();
            Assert.AreEqual(4, trainer.BatchSize);
            foreach (var (should, was) in usual.State.LogHistory.SkipLast(1).Zip(trainer.State.LogHistory))
                Assert.AreEqual(should["loss"], was["loss"], 1e-4, $"update {should["step"]}");
        }
    }

    [TestMethod]
    public void A_step_that_runs_out_of_memory_is_not_made_twice()
    {
        var steps = new Dictionary<string, int>();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 8, MaxSteps = 3, AutoFindBatchSize = true, IncludeNumInputTokensSeen = InputTokensSeen.All };
        using var model = TinyBert.Model();
        var last = model.named_parameters().Last().name;
        using var trainer = new WithOptimizer(model, args, () => false, name =>
        {
            steps[name] = steps.GetValueOrDefault(name) + 1;
            if (name == last && steps[name] == 2)
                throw new OutOfMemoryException("DefaultCPUAllocator: can't allocate memory");
        });
        long tokens = 0;
        trainer.AddCallback(new Noting(context => tokens = context.State.NumInputTokensSeen));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Train()).Message, "The optimizer ran out of memory in update 2.");
        Assert.IsTrue(steps.Values.All(count => count == 2));
        Assert.AreEqual((1, tokens), (trainer.State.GlobalStep, trainer.State.NumInputTokensSeen));
    }

    [TestMethod]
    public void An_evaluation_that_runs_out_of_memory_is_not_repeated()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, PerDeviceEvalBatchSize = 8, MaxSteps = 3, AutoFindBatchSize = true, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1 };
        using var trainer = new Limited(model, args, TinyBert.Data(12), new MessageLog(), fits: 4, after: 0);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Train()).Message, "lower TrainingArguments.PerDeviceEvalBatchSize, which is 8");
        Assert.AreEqual(1, trainer.State.GlobalStep);
    }

    [TestMethod]
    public void A_loader_that_stays_as_large_is_named()
    {
        using var model = TinyBert.Model();
        using var trainer = new Stubborn(model, new TrainingArguments { PerDeviceTrainBatchSize = 8, MaxSteps = 1, AutoFindBatchSize = true });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Train()).Message, "GetTrainDataLoader returns batches of 8 examples, not of 4");
    }

    [TestMethod]
    public void One_example_that_does_not_fit_fails_as_it_did()
    {
        using var model = TinyBert.Model();
        using var trainer = new Limited(model, new TrainingArguments { PerDeviceTrainBatchSize = 4, AutoFindBatchSize = true }, TinyBert.Data(8), new MessageLog(), fits: 0, after: 0);
        var failure = Assert.Throws<Exception>(() => trainer.Train());
        Assert.IsTrue(OutOfMemory.Is(failure), failure.Message);
    }

    // Asks libtorch for more memory than there is, for batches of more examples than fit.
    private sealed class Limited(PretrainedModel model, TrainingArguments args, Dataset data, ILogger logger, int fits, int after)
        : Trainer(model, args, data, TinyBert.Data(8), dataCollator: TinyBert.Collator, logger: logger)
    {
        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            if (State.GlobalStep >= after && batch.Size > fits)
                empty(1L << 44).Dispose();
            return base.ComputeLoss(batch);
        }
    }

    private sealed class Noting(Action<CallbackContext> onStepEnd) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => onStepEnd(context);
    }

    // An optimizer whose state may not fit, and that says which parameter it updates.
    private sealed class WithOptimizer(PretrainedModel model, TrainingArguments args, Func<bool> lacksMemory, Action<string> onUpdate)
        : Trainer(model, args, TinyBert.Data(24), dataCollator: TinyBert.Collator)
    {
        public int BatchSize => TrainBatchSize;

        protected override Optimizer CreateOptimizer() => new Hungry(
            [new ParameterGroup([.. Model.named_parameters().Select(p => (p.name, p.parameter))], 0, Args.LearningRate)], lacksMemory, onUpdate);
    }

    private sealed class Hungry(IReadOnlyList<ParameterGroup> groups, Func<bool> lacksMemory, Action<string> onUpdate) : ParameterwiseOptimizer(groups)
    {
        protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter)
        {
            yield return ("sum", ZerosLike(parameter));
            if (lacksMemory())
                empty(1L << 44).Dispose();
        }

        protected override void Update(ParameterGroup group, OptimizedParameter parameter)
        {
            onUpdate(parameter.Name);
            parameter["sum"].add_(parameter.Gradient);
            parameter.Value.add_(parameter["sum"], alpha: -group.LearningRate);
        }
    }

    private sealed class Stubborn(PretrainedModel model, TrainingArguments args) : Trainer(model, args, TinyBert.Data(8), dataCollator: TinyBert.Collator)
    {
        protected override DataLoader GetTrainDataLoader() => new(TrainDataset!, null, DataCollator, 8);

        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch) => throw new OutOfMemoryException("DefaultCPUAllocator: can't allocate memory");
    }
}
