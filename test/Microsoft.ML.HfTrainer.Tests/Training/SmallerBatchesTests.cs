using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Golden;
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
    public void One_example_that_does_not_fit_fails_as_it_did()
    {
        using var model = TinyBert.Model();
        using var trainer = new Limited(model, new TrainingArguments { PerDeviceTrainBatchSize = 4, AutoFindBatchSize = true }, TinyBert.Data(8), new MessageLog(), fits: 0, after: 0);
        var failure = Assert.Throws<Exception>(() => trainer.Train());
        Assert.IsTrue(OutOfMemory.Is(failure), failure.Message);
    }

    // Asks libtorch for more memory than there is, for batches of more examples than fit.
    private sealed class Limited(PretrainedModel model, TrainingArguments args, Dataset data, ILogger logger, int fits, int after)
        : Trainer(model, args, data, dataCollator: TinyBert.Collator, logger: logger)
    {
        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            if (State.GlobalStep >= after && batch.Size > fits)
                empty(1L << 44).Dispose();
            return base.ComputeLoss(batch);
        }
    }
}
