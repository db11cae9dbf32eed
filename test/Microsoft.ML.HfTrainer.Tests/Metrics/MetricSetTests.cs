using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics;

[TestClass]
public class MetricSetTests
{
    [TestMethod]
    public void Values_stand_side_by_side()
    {
        using var scope = NewDisposeScope();
        var data = MetricInputs.Classified(40, 3, seed: 3);
        var all = EvalMetrics.Combine("accuracy", "f1_macro", "matthews_correlation").Of(data);
        CollectionAssert.AreEquivalent(new[] { "accuracy", "f1_macro", "matthews_correlation" }, all.Keys.ToList());
        Assert.AreEqual(EvalMetrics.Accuracy(data)["accuracy"], all["accuracy"]);
    }

    [TestMethod]
    public void Batches_give_what_all_at_once_gives()
    {
        using var scope = NewDisposeScope();
        var data = MetricInputs.Classified(40, 3, seed: 4);
        MetricInputs.AssertSameInBatches(() => EvalMetrics.Combine("accuracy", "f1_weighted", "precision_micro", "recall_macro", "matthews_correlation", "roc_auc", "average_precision", "log_loss"), data);
    }

    [TestMethod]
    public void A_function_for_batches_answers_with_the_last_and_starts_afresh()
    {
        using var scope = NewDisposeScope();
        var function = EvalMetrics.Combine("accuracy").ToBatchMetrics();
        for (var round = 0; round < 2; round++)
        {
            Assert.IsEmpty(function(Labelled([0, 1], [0, 0]), false));
            Assert.AreEqual(0.75, function(Labelled([1, 1], [1, 1]), true)["accuracy"]);
        }
    }

    [TestMethod]
    public void A_function_for_all_predictions_forgets_those_before()
    {
        using var scope = NewDisposeScope();
        var function = new AccuracyMetric().ToComputeMetrics();
        Assert.AreEqual(0, function(Labelled([0, 1], [1, 0]))["accuracy"]);
        Assert.AreEqual(1, function(Labelled([0, 1], [0, 1]))["accuracy"]);
    }

    [TestMethod]
    public void A_trainer_computes_them()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, dataCollator: TinyBert.Collator, computeMetrics: EvalMetrics.Combine("accuracy", "f1_macro").ToComputeMetrics());
        var metrics = trainer.Evaluate(TinyBert.Data(8));
        Assert.IsTrue(metrics["eval_accuracy"] is >= 0 and <= 1 && metrics["eval_f1_macro"] is >= 0 and <= 1);
    }

    [TestMethod]
    public void A_trainer_computes_the_same_batch_by_batch()
    {
        using var model = TinyBert.Model();
        string[] names = ["accuracy", "f1_macro", "roc_auc", "log_loss"];
        using var whole = new Trainer(model, new() { PerDeviceEvalBatchSize = 3 }, dataCollator: TinyBert.Collator, computeMetrics: EvalMetrics.Combine(names).ToComputeMetrics());
        using var batches = new Trainer(model, new() { PerDeviceEvalBatchSize = 3, BatchEvalMetrics = true }, dataCollator: TinyBert.Collator)
        {
            ComputeBatchMetrics = EvalMetrics.Combine(names).ToBatchMetrics(),
        };
        var (expected, actual) = (whole.Evaluate(TinyBert.Data(20)), batches.Evaluate(TinyBert.Data(20)));
        foreach (var name in names)
            Assert.AreEqual(expected[$"eval_{name}"], actual[$"eval_{name}"], 1e-12, name);
    }

    [TestMethod]
    public void Two_values_of_one_name_need_a_prefix()
    {
        var set = new MetricSet { "accuracy", new AccuracyMetric() };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => set.Compute()).Message, "'accuracy'");
        var prefixed = new MetricSet { "accuracy", { new AccuracyMetric(), "again_" } };
        CollectionAssert.AreEquivalent(new[] { "accuracy", "again_accuracy" }, prefixed.Compute().Keys.ToList());
    }

    [TestMethod]
    public void A_metric_of_texts_needs_a_way_to_text()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EvalMetrics.Combine("accuracy", "bleu")).Message, "'bleu' compares texts");
        using var scope = NewDisposeScope();
        var metric = new DecodedTextMetric(new BleuMetric(), _ => [("a text of five words", ["a text of five words"])]);
        Assert.AreEqual(100, metric.Of(Labelled([0], [0]))["bleu"], 1e-9);
    }

    [TestMethod]
    public void A_metric_that_fails_is_named()
    {
        using var scope = NewDisposeScope();
        var broken = new MetricSet { "accuracy", new DecodedTextMetric(new RougeMetric(), _ => throw new FormatException("no text here")) };
        var failure = Assert.ThrowsExactly<InvalidOperationException>(() => broken.Add(Labelled([0], [0])));
        Assert.AreEqual("The metric rouge failed: no text here", failure.Message);
        Assert.IsInstanceOfType<FormatException>(failure.InnerException);
        var three = new MetricSet { "accuracy", "f1" };
        three.Add(Labelled([0, 1, 2], [0, 1, 2]));
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidOperationException>(() => three.Compute()).Message, "f1 is the binary score");
    }

    [TestMethod]
    public void Nothing_of_the_tensors_is_kept()
    {
        using var scope = NewDisposeScope();
        var data = MetricInputs.Classified(40, 3, seed: 5);
        using var logits = randn(2, 5, 7);
        using var tokens = randint(0, 7, new long[] { 2, 5 }, dtype: ScalarType.Int64);
        var (set, perplexity, live) = (EvalMetrics.Combine("accuracy", "f1_macro", "roc_auc", "log_loss"), new PerplexityMetric(), new LiveTensors());
        set.Add(data);
        perplexity.Add(new(logits, tokens));
        live.AssertUnchanged();
    }

    private static EvalPrediction Labelled(long[] predicted, long[] labels) => new(tensor(predicted), tensor(labels));
}
