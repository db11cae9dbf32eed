using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class HostCallbackTests
{
    [TestMethod]
    public void A_long_run_writes_a_line_now_and_then_with_the_time_that_is_left()
    {
        var ml = new MLContext();
        var log = new LogLines(ml);
        var host = MlHost.For(ml, "Test");
        using var channel = host.Open("Train");
        var clock = new SettableClock();
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, PerDeviceEvalBatchSize = 1, MaxSteps = 8, LoggingSteps = 6, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 8 };
        using var trainer = new Trainer(
            model, args, TinyBert.Data(24), TinyBert.Data(5), dataCollator: TinyBert.Collator, callbacks: [new SlowCallback(clock), new HostCallback(host, clock)], logger: new ChannelLogger(channel));
        trainer.Train();
        // An update takes 12 s, a batch of the evaluation 20 s. The record after the sixth update counts as a line.
        var lines = log.Infos.Where(line => line.StartsWith("Step ", StringComparison.Ordinal)).Select(line => line.Split(' ', ',') is var words ? $"{words[1]} {words[4]}" : "");
        Assert.AreEqual("3 about, 6 about, 6 loss, 8 evaluation, 8 evaluation, 8 evaluation, 8 eval_loss, 8 train_runtime", string.Join(", ", lines));
        Assert.Contains("Step 3 of 8: about 00:01:00 left", log.Infos);
        Assert.Contains("Step 8 of 8: evaluation, batch 3 of 5", log.Infos);
        Assert.IsTrue(log.Sources.All(source => source.StartsWith("HfTrainer", StringComparison.Ordinal)), string.Join(' ', log.Sources));
    }

    [TestMethod]
    public void All_messages_of_a_pipeline_have_one_source()
    {
        using var folder = new TinyModel();
        var ml = new MLContext(seed: 1);
        var log = new LogLines(ml);
        using var trained = (IDisposable)Classifiers.Train(ml, folder);
        Assert.IsGreaterThan(0, log.Sources.Count);
        Assert.IsTrue(log.Sources.All(source => source.StartsWith("HfTrainer", StringComparison.Ordinal)), string.Join(' ', log.Sources));
    }

    [TestMethod]
    public void A_cpu_that_stands_in_for_a_gpu_is_warned_of()
    {
        using var folder = new TinyModel();
        var ml = new MLContext(seed: 1) { GpuDeviceId = 99, FallbackToCpu = true };
        var log = new LogLines(ml);
        var trained = Classifiers.Train(ml, folder);
        StringAssert.Contains(log.Warnings.Single(), "MLContext.GpuDeviceId is 99");
        StringAssert.Contains(log.Warnings.Single(), "The CPU computes instead, since MLContext.FallbackToCpu is true.");
        using var file = new MemoryStream();
        ml.Model.Save(trained, ml.Data.LoadFromEnumerable(Review.Some()).Schema, file);
        ((IDisposable)trained).Dispose();
        file.Position = 0;
        ((IDisposable)ml.Model.Load(file, out _)).Dispose();
        Assert.HasCount(2, log.Warnings, "training and loading");
    }

    private sealed class SettableClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds;

        public void Advance(int seconds) => _seconds += seconds;
    }

    private sealed class SlowCallback(SettableClock clock) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => clock.Advance(12);

        public void OnPredictionStep(CallbackContext context) => clock.Advance(20);
    }
}
