using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class CallbackFailureTests
{
    [TestMethod]
    [DataRow("OnStepBegin", 3, DisplayName = "before an update")]
    [DataRow("OnOptimizerStep", 4, DisplayName = "within an update")]
    [DataRow("OnStepEnd", 4, DisplayName = "after an update")]
    public void A_callback_that_fails_is_named_and_training_goes_on_from_what_was_saved(string hook, int saved)
    {
        using var folder = new TemporaryFolder();
        var whole = Weights(folder["whole"], null, null);
        var failure = Assert.ThrowsExactly<InvalidOperationException>(() => Weights(folder["out"], new Failing(hook), null));
        StringAssert.Contains(failure.Message, $"The callback Failing failed at update {saved}: the lights went out");
        var again = Weights(folder["out"], null, resume: true);
        Assert.IsTrue(Directory.Exists(Path.Combine(folder["out"], $"checkpoint-{saved}")));
        foreach (var (name, values) in whole)
            Assert.IsTrue(values.AsSpan().SequenceEqual(again[name]), name);
    }

    [TestMethod]
    public void A_failure_before_training_passes_as_it_is()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments(), TinyBert.Data(4), dataCollator: TinyBert.Collator, callbacks: [new EarlyStoppingCallback()]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message, "MetricForBestModel");
    }

    private static Dictionary<string, float[]> Weights(string output, ITrainerCallback? callback, bool? resume)
    {
        using var model = TinyBert.Model(dropout: 0.1);
        var args = new TrainingArguments(output) { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, LearningRate = 0.01 };
        using var trainer = new Trainer(model, args, TinyBert.Data(12), dataCollator: TinyBert.Collator, callbacks: callback is null ? [] : [callback]);
        trainer.Train(resume ?? false);
        return TinyBert.Weights(model);
    }

    private sealed class Failing(string hook) : ITrainerCallback
    {
        public void OnStepBegin(CallbackContext context) => Fail("OnStepBegin", context.State.GlobalStep == 3);

        public void OnOptimizerStep(CallbackContext context) => Fail("OnOptimizerStep", context.State.GlobalStep == 3);

        public void OnStepEnd(CallbackContext context) => Fail("OnStepEnd", context.State.GlobalStep == 4);

        private void Fail(string at, bool now)
        {
            if (at == hook && now)
                throw new FormatException("the lights went out");
        }
    }
}
