using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class EvaluationTests
{
    [TestMethod]
    [DataRow(IntervalStrategy.No, 0.0, "")]
    [DataRow(IntervalStrategy.Steps, 0.0, "2 4 5", DisplayName = "by steps, and after the last one")]
    [DataRow(IntervalStrategy.Steps, 3.0, "4 5", DisplayName = "by steps, later")]
    [DataRow(IntervalStrategy.Epoch, 0.0, "3 5", DisplayName = "by epoch, the last one in part")]
    [DataRow(IntervalStrategy.Epoch, 1.5, "5", DisplayName = "by epoch, later")]
    public void Evaluates_when_the_strategy_says(IntervalStrategy strategy, double delay, string steps)
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 8, MaxSteps = 5, EvalStrategy = strategy, EvalSteps = 2, EvalDelay = delay };
        using var trainer = new Trainer(model, args, TinyBert.Data(24), TinyBert.Data(4), dataCollator: TinyBert.Collator);
        trainer.Train();
        Assert.AreEqual(steps, string.Join(' ', trainer.State.LogHistory.Where(r => r.ContainsKey("eval_loss")).Select(r => r["step"])));
    }

    [TestMethod]
    public void The_loss_is_the_mean_over_examples_whatever_the_batches()
    {
        using var model = TinyBert.Model();
        var losses = new[] { 3, 8, 11 }.Select(size =>
        {
            using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = size }, evalDataset: TinyBert.Data(11), dataCollator: TinyBert.Collator);
            return trainer.Evaluate()["eval_loss"];
        }).ToList();
        Assert.AreEqual(losses[2], losses[0], 1e-6);
        Assert.AreEqual(losses[2], losses[1], 1e-6);
    }

    [TestMethod]
    public void Metrics_get_the_prefix_once()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, evalDataset: TinyBert.Data(9), dataCollator: TinyBert.Collator,
            computeMetrics: p => new Dictionary<string, double> { ["count"] = p.LabelClasses().Length, ["final_width"] = p.Predictions.shape[1] });
        var metrics = trainer.Evaluate(metricKeyPrefix: "final");
        Assert.AreEqual(9, metrics["final_count"]);
        Assert.AreEqual(3, metrics["final_width"]);
        Assert.AreEqual(9.0, trainer.State.LogHistory.Single()["final_count"]);
    }

    [TestMethod]
    public void Predictions_come_in_the_order_of_the_dataset_and_are_not_logged()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = 4 }, dataCollator: TinyBert.Collator);
        using var together = trainer.Predict(TinyBert.Data(10));
        for (var i = 0; i < 10; i++)
        {
            using var alone = trainer.Predict(Dataset.From([TinyBert.Data(10)[i]]));
            CollectionAssert.AreEqual(GoldenTensor.Of(alone.LabelIds!).Values, GoldenTensor.Of(together.LabelIds![i..(i + 1)]).Values);
            foreach (var (one, row) in GoldenTensor.Of(alone.Predictions).Values.Zip(GoldenTensor.Of(together.Predictions[i..(i + 1)]).Values))
                Assert.AreEqual(row, one, 1e-5);
        }
        Assert.IsEmpty(trainer.State.LogHistory);
        Assert.Contains("test_loss", together.Metrics.Keys);
    }

    [TestMethod]
    public void Without_labels_there_are_predictions_alone()
    {
        using var model = TinyBert.Model();
        var unlabelled = Dataset.From(TinyBert.Data(3).Select(e => new Example { ["input_ids"] = e["input_ids"], ["attention_mask"] = e["attention_mask"] }));
        using var trainer = new Trainer(model, dataCollator: TinyBert.Collator, computeMetrics: EvalMetrics.Accuracy);
        using var output = trainer.Predict(unlabelled);
        Assert.IsNull(output.LabelIds);
        Assert.DoesNotContain("test_loss", output.Metrics.Keys);
        CollectionAssert.AreEqual(new long[] { 3, 3 }, output.Predictions.shape);
    }

    [TestMethod]
    public void Training_goes_on_in_training_mode_after_an_evaluation()
    {
        using var model = TinyBert.Model();
        var modes = new List<bool>();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 3, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1 };
        using var trainer = new ModeTrainer(model, args, modes);
        trainer.Train();
        CollectionAssert.AreEqual(new[] { true, false, true, false, true, false }, modes);
        Assert.IsFalse(model.training);
    }

    [TestMethod]
    public void An_evaluation_set_that_is_missing_is_named()
    {
        using var model = TinyBert.Model();
        var message = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(model, new TrainingArguments { EvalStrategy = IntervalStrategy.Epoch }, TinyBert.Data(4))).Message;
        StringAssert.Contains(message, "EvalStrategy is Epoch");
        StringAssert.Contains(message, "ValidationSet");
        using var trainer = new Trainer(model, new TrainingArguments { DataloaderDropLast = true }, dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Evaluate()).Message, "evalDataset");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Evaluate(TinyBert.Data(0))).Message, "empty");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Evaluate(TinyBert.Data(5))).Message, "DataloaderDropLast");
    }

    [TestMethod]
    public void Losses_that_are_no_numbers_are_left_out_and_none_left_is_no_number()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceEvalBatchSize = 4 };
        using var some = new NanTrainer(model, args, batches => batches == 1);
        using var first = new Trainer(model, args, dataCollator: TinyBert.Collator);
        Assert.AreEqual(first.Evaluate(TinyBert.Data(4))["eval_loss"], some.Evaluate(TinyBert.Data(8))["eval_loss"], 1e-6);
        using var all = new NanTrainer(model, args, _ => true);
        Assert.IsTrue(double.IsNaN(all.Evaluate(TinyBert.Data(8))["eval_loss"]));
    }

    private sealed class ModeTrainer(PretrainedModel model, TrainingArguments args, List<bool> modes)
        : Trainer(model, args, TinyBert.Data(12), TinyBert.Data(4), dataCollator: TinyBert.Collator)
    {
        protected override double TrainingStep(Batch batch, int groupSize)
        {
            modes.Add(Model.training);
            return base.TrainingStep(batch, groupSize);
        }

        protected override ModelOutput PredictionStep(Batch batch)
        {
            modes.Add(Model.training);
            return base.PredictionStep(batch);
        }
    }

    private sealed class NanTrainer(PretrainedModel model, TrainingArguments args, Func<int, bool> isNan) : Trainer(model, args, dataCollator: TinyBert.Collator)
    {
        private int _batches;

        protected override ModelOutput PredictionStep(Batch batch)
        {
            var output = base.PredictionStep(batch);
            return new ModelOutput { Logits = output.Logits, Loss = isNan(_batches++) ? output.Loss! * float.NaN : output.Loss };
        }
    }
}
