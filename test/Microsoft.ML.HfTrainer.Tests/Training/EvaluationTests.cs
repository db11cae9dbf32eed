using Microsoft.ML.HfTrainer.Tests.Formats;
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
    [DataRow(true)]
    [DataRow(false)]
    public void A_batch_whose_loss_is_no_number_makes_the_mean_none(bool filter)
    {
        using var model = TinyBert.Model();
        var calls = 0;
        using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = 4, LoggingNanInfFilter = filter }, evalDataset: TinyBert.Data(12), dataCollator: TinyBert.Collator)
        {
            ComputeLossFunc = (output, _, _) => output.Logits.sum() * (++calls == 2 ? float.NaN : 1),
        };
        Assert.AreEqual(double.NaN, trainer.Evaluate()["eval_loss"]);
        Assert.AreEqual(3, calls);
    }

    [TestMethod]
    public void A_batch_without_labels_adds_nothing_to_the_mean_over_labels()
    {
        using var model = TinyBert.Model();
        double Loss(Dataset data)
        {
            using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = 4, EvalLossPerLabel = true }, evalDataset: data, dataCollator: TinyBert.Collator);
            return trainer.Evaluate()["eval_loss"];
        }

        var labelled = Loss(TinyBert.Data(4));
        Assert.AreEqual(labelled, Loss(Dataset.From(TinyBert.Data(8).Select((e, i) => i < 4 ? e : TinyBert.Unlabelled(e)))), 1e-6);
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
        using var without = new Trainer(model, new TrainingArguments { EvalStrategy = IntervalStrategy.Epoch }, TinyBert.Data(4), dataCollator: TinyBert.Collator);
        var message = Assert.ThrowsExactly<ArgumentException>(() => without.Train()).Message;
        StringAssert.Contains(message, "EvalStrategy is Epoch");
        StringAssert.Contains(message, "ValidationSet");
        using var trainer = new Trainer(model, new TrainingArguments { DataloaderDropLast = true }, dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Evaluate()).Message, "evalDataset");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Evaluate(TinyBert.Data(0))).Message, "empty");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Evaluate(TinyBert.Data(5))).Message, "DataloaderDropLast");
    }

    [TestMethod]
    public void Several_sets_are_evaluated_under_their_names()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 8, MaxSteps = 1, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1, MetricForBestModel = "easy_loss" };
        using var trainer = new Trainer(model, args, TinyBert.Data(8), dataCollator: TinyBert.Collator)
        {
            EvalDatasets = new Dictionary<string, Dataset> { ["easy"] = TinyBert.Data(3), ["hard"] = TinyBert.Data(5) },
        };
        trainer.Train();
        var (easy, hard) = (trainer.State.LogHistory[0]["eval_easy_loss"], trainer.State.LogHistory[1]["eval_hard_loss"]);
        Assert.AreNotEqual(easy, hard);
        Assert.AreEqual(easy, trainer.State.BestMetric);
        CollectionAssert.IsSubsetOf(new[] { "eval_easy_loss", "eval_hard_loss", "eval_easy_runtime" }, trainer.Evaluate().Keys.ToList());
    }

    [TestMethod]
    public void Metrics_by_the_batch_see_every_example_and_keep_none()
    {
        using var model = TinyBert.Model();
        var sizes = new List<(long Size, bool IsLast)>();
        using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = 4, BatchEvalMetrics = true }, dataCollator: TinyBert.Collator)
        {
            ComputeBatchMetrics = (prediction, isLast) =>
            {
                sizes.Add((prediction.Predictions.shape[0], isLast));
                return isLast ? new Dictionary<string, double> { ["seen"] = sizes.Sum(s => s.Size) } : [];
            },
        };
        Assert.AreEqual(10, trainer.Evaluate(TinyBert.Data(10))["eval_seen"]);
        CollectionAssert.AreEqual(new[] { (4L, false), (4L, false), (2L, true) }, sizes);
    }

    [TestMethod]
    public void Metrics_by_the_batch_forget_an_evaluation_that_was_cancelled_and_no_batch_is_left()
    {
        using var model = TinyBert.Model();
        var firsts = 0;
        var accuracy = EvalMetrics.Combine("accuracy").ToBatchMetrics();
        var args = new TrainingArguments { PerDeviceEvalBatchSize = 4, BatchEvalMetrics = true };
        using var trainer = new Trainer(model, args, dataCollator: TinyBert.Collator)
        {
            ComputeBatchMetrics = (prediction, isLast) =>
            {
                firsts += prediction.IsFirstBatch ? 1 : 0;
                return accuracy(prediction, isLast);
            },
        };
        var expected = trainer.Evaluate(TinyBert.Data(10))["eval_accuracy"];
        var live = new LiveTensors();
        var failing = new Failing();
        trainer.AddCallback(failing);
        Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Evaluate(TinyBert.Data(10)));
        live.AssertUnchanged();
        trainer.RemoveCallback(failing);
        Assert.AreEqual(expected, trainer.Evaluate(TinyBert.Data(10))["eval_accuracy"]);
        Assert.AreEqual(3, firsts);
    }

    private sealed class Failing : ITrainerCallback
    {
        public void OnPredictionStep(CallbackContext context) => throw new OperationCanceledException();
    }

    [TestMethod]
    public void Metrics_are_given_inputs_and_losses_where_they_are_asked_for()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceEvalBatchSize = 4, IncludeForMetrics = ["inputs", "loss"] };
        using var trainer = new Trainer(model, args, dataCollator: TinyBert.Collator, computeMetrics: p => new Dictionary<string, double>
        {
            ["rows"] = p.Inputs!.shape[0],
            ["width"] = p.Inputs.shape[1],
            ["filled"] = p.Inputs.eq(-100).sum().item<long>(),
            ["mean"] = p.Losses!.mean().item<float>(),
        });
        var (data, metrics) = (TinyBert.Data(10), trainer.Evaluate(TinyBert.Data(10)));
        Assert.AreEqual(10, metrics["eval_rows"]);
        Assert.AreEqual(data.Max(e => e["input_ids"].Length), metrics["eval_width"]);
        Assert.IsGreaterThan(0, metrics["eval_filled"]);
        Assert.AreEqual(metrics["eval_loss"], metrics["eval_mean"], 1e-6);
    }

    [TestMethod]
    public void What_logits_are_made_into_is_what_metrics_and_predictions_hold()
    {
        using var model = TinyBert.Model();
        using var plain = new Trainer(model, dataCollator: TinyBert.Collator);
        using var logits = plain.Predict(TinyBert.Data(9));
        using var trainer = new Trainer(model, dataCollator: TinyBert.Collator) { PreprocessLogitsForMetrics = (batch, labels) => batch.argmax(-1) };
        using var classes = trainer.Predict(TinyBert.Data(9));
        CollectionAssert.AreEqual(new EvalPrediction(logits.Predictions, null).PredictedClasses(), Array.ConvertAll(classes.Predictions.data<long>().ToArray(), i => (int)i));
    }

    [TestMethod]
    public void Where_only_the_loss_is_wanted_there_are_no_predictions()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments { PredictionLossOnly = true }, dataCollator: TinyBert.Collator);
        using var output = trainer.Predict(TinyBert.Data(4));
        Assert.IsEmpty(output.AllPredictions);
        Assert.Contains("test_loss", output.Metrics.Keys);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => output.Predictions).Message, "PredictionLossOnly");
    }

    [TestMethod]
    public void The_loss_per_label_weighs_batches_by_their_labels()
    {
        using var model = TinyBert.Model();
        var half = Dataset.From(TinyBert.Data(8).Select((e, i) => i is 0 or 1 or 2 ? TinyBert.Unlabelled(e) : e));
        double LossOf(int batchSize, bool perLabel)
        {
            using var trainer = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = batchSize, EvalLossPerLabel = perLabel }, dataCollator: TinyBert.Collator);
            return trainer.Evaluate(half)["eval_loss"];
        }
        Assert.AreEqual(LossOf(8, true), LossOf(4, true), 1e-6);
        Assert.AreNotEqual(LossOf(8, false), LossOf(4, false), 1e-4);
    }

    [TestMethod]
    public void A_metric_that_fails_is_named_and_the_updates_are_saved_first()
    {
        using var model = TinyBert.Model();
        using var folder = new TemporaryFolder();
        var args = new TrainingArguments(folder["out"]) { PerDeviceTrainBatchSize = 4, MaxSteps = 5, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 3 };
        using var trainer = new Trainer(model, args, TinyBert.Data(24), TinyBert.Data(4), dataCollator: TinyBert.Collator, computeMetrics: _ => throw new FormatException("no such class"));
        var failure = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Train());
        StringAssert.Contains(failure.Message, "The metrics function failed at update 3: no such class");
        Assert.IsInstanceOfType<FormatException>(failure.InnerException);
        Assert.IsTrue(Directory.Exists(Path.Combine(folder["out"], "checkpoint-3")));
    }

    private sealed class ModeTrainer(PretrainedModel model, TrainingArguments args, List<bool> modes)
        : Trainer(model, args, TinyBert.Data(12), TinyBert.Data(4), dataCollator: TinyBert.Collator)
    {
        protected override Tensor TrainingStep(Batch batch, int groupSize)
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

    [TestMethod]
    public void Functions_that_return_null_are_named()
    {
        using var model = TinyBert.Model();
        using var metrics = new Trainer(model, dataCollator: TinyBert.Collator, computeMetrics: _ => null!);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => metrics.Evaluate(TinyBert.Data(4))).Message, "The metrics function failed at update 0: it returned null");
        using var batches = new Trainer(model, new() { BatchEvalMetrics = true }, dataCollator: TinyBert.Collator) { ComputeBatchMetrics = (_, _) => null! };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => batches.Evaluate(TinyBert.Data(4))).Message, "it returned null");
        using var logits = new Trainer(model, dataCollator: TinyBert.Collator) { PreprocessLogitsForMetrics = (_, _) => null! };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => logits.Predict(TinyBert.Data(4))).Message, "PreprocessLogitsForMetrics returned null");
        using var loss = new Trainer(model, new() { MaxSteps = 1 }, TinyBert.Data(4), dataCollator: TinyBert.Collator) { ComputeLossFunc = (_, _, _) => null! };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => loss.Train()).Message, "ComputeLossFunc returned null");
    }

    [TestMethod]
    public void A_stream_without_examples_says_so()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Evaluate(IterableDataset.From(() => Array.Empty<Example>()))).Message, "nothing to evaluate");
    }
}
