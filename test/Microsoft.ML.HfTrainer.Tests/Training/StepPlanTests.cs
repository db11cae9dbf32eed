using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class StepPlanTests
{
    // Examples, batch size, accumulation, drop last, epochs, max_steps; micro-batches an epoch, updates, epochs gone through.
    [TestMethod]
    [DataRow(40, 8, 1, false, 3.0, -1, 5, 15, 3, DisplayName = "whole batches")]
    [DataRow(41, 8, 1, false, 3.0, -1, 6, 18, 3, DisplayName = "short last batch")]
    [DataRow(41, 8, 1, true, 3.0, -1, 5, 15, 3, DisplayName = "short last batch dropped")]
    [DataRow(44, 4, 3, false, 2.0, -1, 11, 8, 2, DisplayName = "short last group makes an update")]
    [DataRow(20, 4, 8, false, 3.0, -1, 5, 3, 3, DisplayName = "group larger than an epoch")]
    [DataRow(43, 6, 1, false, 2.4, -1, 8, 20, 3, DisplayName = "fraction of an epoch")]
    [DataRow(40, 8, 1, false, 0.01, -1, 5, 1, 1, DisplayName = "at least one update")]
    [DataRow(40, 8, 1, false, 2.0, 9, 5, 9, 2, DisplayName = "max_steps within the second epoch")]
    [DataRow(40, 8, 1, false, 0.5, 11, 5, 11, 3, DisplayName = "max_steps beyond the epochs")]
    public void Counts_updates_as_the_original(int examples, int batchSize, int accumulation, bool dropLast, double epochs, int maxSteps, int batches, int updates, int passes)
    {
        var args = new TrainingArguments { NumTrainEpochs = epochs, MaxSteps = maxSteps, GradientAccumulationSteps = accumulation };
        var plan = StepPlan.Make(args, Loader(examples, batchSize, dropLast));
        Assert.AreEqual((batches, updates, passes), (plan.StepsPerEpoch, plan.MaxSteps, plan.Epochs));
    }

    [TestMethod]
    public void An_interval_below_one_is_a_fraction_of_the_run_rounded_up()
    {
        var plan = StepPlan.Make(new TrainingArguments { MaxSteps = 12 }, Loader(40, 8, false));
        Assert.AreEqual((2, 6, 1, 7), (plan.Absolute(0.15), plan.Absolute(0.5), plan.Absolute(1e-9), plan.Absolute(7)));
    }

    [TestMethod]
    public void Products_beyond_32_bits_are_exact()
    {
        var args = new TrainingArguments { MaxSteps = int.MaxValue, GradientAccumulationSteps = 64, PerDeviceTrainBatchSize = 1 << 28 };
        var plan = StepPlan.Make(args, new DataLoader(IterableDataset.From(() => []), null, new DefaultDataCollator(), 1 << 28));
        Assert.AreEqual((64L * int.MaxValue, int.MaxValue, 64L << 28), (plan.StepsPerEpoch, plan.UpdatesPerEpoch, plan.ExamplesPerUpdate));
        Assert.AreEqual((1 << 27, 128), plan.Smaller());
    }

    [TestMethod]
    public void More_updates_than_can_be_counted_are_refused()
    {
        var message = Assert.ThrowsExactly<ArgumentException>(() => StepPlan.Make(new TrainingArguments { NumTrainEpochs = 1e9 }, Loader(40, 8, false))).Message;
        StringAssert.Contains(message, "NumTrainEpochs is 1000000000, which makes 5000000000 updates");
    }

    [TestMethod]
    public void No_batch_is_an_error_that_names_the_sizes()
    {
        var message = Assert.ThrowsExactly<ArgumentException>(() => StepPlan.Make(new TrainingArguments(), Loader(5, 8, true))).Message;
        StringAssert.Contains(message, "5 examples");
        StringAssert.Contains(message, "batch of 8");
    }

    private static DataLoader Loader(int examples, int batchSize, bool dropLast) =>
        new(Dataset.From(Enumerable.Repeat(new Example(), examples)), new SequentialSampler(examples), new DefaultDataCollator(), batchSize, dropLast);
}
