using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.Telemetry;

[TestClass]
public sealed class TelemetryTests
{
    [TestMethod]
    public void A_listener_hears_the_numbers_of_a_run()
    {
        var measured = new Dictionary<string, List<double>>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == TrainerTelemetry.Name) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(Named(instrument.Name, tags), value));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument.Name, value));
        listener.Start();
        using var model = TinyBert.Model();
        using var folder = new TemporaryFolder();
        var args = new TrainingArguments(folder.Path) { SaveSteps = 2, PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, LoggingSteps = 2, EvalStrategy = IntervalStrategy.Epoch };
        using var trainer = new Trainer(
            model, args, TinyBert.Data(16), TinyBert.Data(5), dataCollator: TinyBert.Collator, computeMetrics: EvalMetrics.Accuracy);
        trainer.Train();

        Assert.HasCount(1, measured["hftrainer.train.duration"]);
        Assert.HasCount(1, measured["hftrainer.evaluate.duration"]);
        Assert.HasCount(2, measured["hftrainer.save.duration"]);
        Assert.IsGreaterThan(measured["hftrainer.evaluate.duration"][0] + measured["hftrainer.save.duration"].Sum(), measured["hftrainer.train.duration"][0]);
        Assert.AreEqual(4, measured["hftrainer.steps"].Sum());
        foreach (var name in new[] { "loss", "grad_norm", "learning_rate" })
            CollectionAssert.AreEqual(trainer.State.LogHistory.Where(r => r.ContainsKey(name)).Select(r => r[name]).ToList(), measured["hftrainer." + name], name);
        Assert.HasCount(2, measured["hftrainer.samples_per_second"]);
        Assert.IsTrue(measured["hftrainer.samples_per_second"].TrueForAll(speed => speed > 0));
        var evaluation = trainer.State.LogHistory.Single(r => r.ContainsKey("eval_loss"));
        Assert.AreEqual(evaluation["eval_loss"], measured["hftrainer.evaluation.metric eval_loss"].Single());
        Assert.AreEqual(evaluation["eval_accuracy"], measured["hftrainer.evaluation.metric eval_accuracy"].Single());

        void Note(string name, double value) => (measured.TryGetValue(name, out var values) ? values : measured[name] = []).Add(value);
    }

    [TestMethod]
    public void Evaluations_and_checkpoints_are_activities_of_their_run()
    {
        using var folder = new TemporaryFolder();
        var activities = Listen(out var listener);
        using (listener)
        {
            using var model = TinyBert.Model();
            var args = new TrainingArguments(folder.Path) { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, EvalStrategy = IntervalStrategy.Epoch, SaveStrategy = SaveStrategy.Epoch };
            using var trainer = new Trainer(model, args, TinyBert.Data(8), TinyBert.Data(5), dataCollator: TinyBert.Collator);
            trainer.Train();
            trainer.Evaluate();
        }
        CollectionAssert.AreEqual(
            new[] { "evaluate 2 in train", "save 2 in train", "evaluate 4 in train", "save 4 in train", "train 0 in ", "evaluate 4 in " }, activities.ConvertAll(Describe));
        Assert.IsTrue(activities.TrueForAll(a => a.Status == ActivityStatusCode.Unset));
    }

    [TestMethod]
    public void What_fails_is_an_activity_with_an_error_and_none_goes_on()
    {
        var activities = Listen(out var listener);
        using (listener)
        {
            using var model = TinyBert.Model();
            var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, EvalStrategy = IntervalStrategy.Epoch };
            using var trainer = new Trainer(
                model, args, TinyBert.Data(8), TinyBert.Data(5), dataCollator: TinyBert.Collator, computeMetrics: _ => throw new NotSupportedException("of no use"));
            Assert.Throws<Exception>(() => trainer.Train());
        }
        CollectionAssert.AreEqual(new[] { "evaluate 2 in train", "train 0 in " }, activities.ConvertAll(Describe));
        Assert.IsTrue(activities.TrueForAll(a => a.Status == ActivityStatusCode.Error));
        Assert.IsNull(Activity.Current);
    }

    private static List<Activity> Listen(out ActivityListener listener)
    {
        var stopped = new List<Activity>();
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrainerTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return stopped;
    }

    private static string Describe(Activity activity) => $"{activity.OperationName} {activity.GetTagItem("hftrainer.global_step")} in {activity.Parent?.OperationName}";

    private static string Named(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length == 0 ? instrument : $"{instrument} {tags[0].Value}";
}
