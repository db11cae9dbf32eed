using System.Diagnostics.Metrics;
using Microsoft.ML.HfTrainer.Reporting.Telemetry;

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
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, LoggingSteps = 2, EvalStrategy = IntervalStrategy.Epoch };
        using var trainer = new Trainer(
            model, args, TinyBert.Data(16), TinyBert.Data(5), dataCollator: TinyBert.Collator, computeMetrics: EvalMetrics.Accuracy, callbacks: [new TelemetryCallback()]);
        trainer.Train();

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

    private static string Named(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length == 0 ? instrument : $"{instrument} {tags[0].Value}";
}
