using Microsoft.ML.HfTrainer.Optimization;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainerTests
{
    private static TrainingArguments Arguments => new() { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, LearningRate = 0.01, LoggingSteps = 1 };

    [TestMethod]
    public void An_optimizer_and_a_schedule_that_are_handed_in_are_used_and_stay_the_callers()
    {
        using var model = TinyBert.Model();
        using var optimizer = new SGD(DecayGroups.Split(model, new OptimizerSettings { LearningRate = 0.25 }));
        var schedule = LearningRateSchedules.Create(optimizer, new ScheduleSettings { LrSchedulerType = "constant", TotalSteps = 1 });
        using (var trainer = new Trainer(model, Arguments, TinyBert.Data(12), dataCollator: TinyBert.Collator) { Optimizers = (optimizer, schedule) })
        {
            trainer.Train();
            Assert.AreSame(optimizer, trainer.Optimizer);
            Assert.AreEqual("0.25 0.25 0.25", string.Join(' ', trainer.State.LogHistory.SkipLast(1).Select(r => r["learning_rate"])));
        }
        Assert.AreEqual(3, schedule.LastStep);
        optimizer.Step();
    }

    [TestMethod]
    public void An_optimizer_of_another_model_is_refused()
    {
        using var model = TinyBert.Model();
        using var other = TinyBert.Model();
        using var optimizer = new SGD(DecayGroups.Split(other, Arguments.ToOptimizerSettings()));
        using var trainer = new Trainer(model, Arguments, TinyBert.Data(4), dataCollator: TinyBert.Collator) { Optimizers = (optimizer, null) };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message, "is none of the model's");
    }

    [TestMethod]
    public void A_trainer_that_makes_its_model_makes_the_same_one_for_each_run()
    {
        var made = new List<PretrainedModel>();
        using var trainer = new Trainer(
            () =>
            {
                made.Add(TinyBert.Model(dropout: 0.1));
                return made[^1];
            },
            Arguments, TinyBert.Data(12), dataCollator: TinyBert.Collator);
        var first = trainer.Train().TrainingLoss;
        var weights = TinyBert.Weights(made[0]);
        Assert.AreEqual(first, trainer.Train().TrainingLoss);
        Assert.HasCount(2, made);
        Assert.AreSame(made[1], trainer.Model);
        foreach (var (name, values) in TinyBert.Weights(made[1]))
            Assert.IsTrue(values.AsSpan().SequenceEqual(weights[name]), name);
        made[1].Dispose();
    }

    [TestMethod]
    public void Callbacks_are_added_last_and_taken_out()
    {
        using var model = TinyBert.Model();
        var recorder = new EventRecorder();
        using var trainer = new Trainer(model, Arguments, TinyBert.Data(4), dataCollator: TinyBert.Collator);
        trainer.AddCallback(recorder);
        Assert.AreSame(recorder, trainer.Callbacks[^1]);
        trainer.Train();
        Assert.StartsWith("on_train_begin", recorder.Events[0]);
        Assert.IsTrue(trainer.RemoveCallback(recorder));
        Assert.IsFalse(trainer.RemoveCallback(recorder));
        var count = recorder.Events.Count;
        trainer.Train();
        Assert.HasCount(count, recorder.Events);
    }

    [TestMethod]
    public void A_stream_is_trained_on_for_as_many_updates_as_are_asked_for()
    {
        using var model = TinyBert.Model();
        var args = Arguments;
        args.MaxSteps = 5;
        using var trainer = new Trainer(model, args, IterableDataset.From(() => TinyBert.Data(10)), dataCollator: TinyBert.Collator);
        Assert.AreEqual(5, trainer.Train().GlobalStep);
        args.MaxSteps = -1;
        using var endless = new Trainer(model, args, IterableDataset.From(() => TinyBert.Data(10)), dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => endless.Train()).Message, "MaxSteps is -1");
    }
}
