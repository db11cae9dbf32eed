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

    [TestMethod]
    public void Metrics_of_tags_and_of_texts_are_combined_with_what_they_read()
    {
        using var scope = NewDisposeScope();
        var tokenizer = Tokenization.TinyTokenizer.Load();
        var ids = tensor(new long[] { 5, 6, 8, 9 }).view(1, 4);
        var batch = new EvalPrediction(ids, ids);
        var values = EvalMetrics.Combine(["rouge", "accuracy"], labels: null, tokenizer).Of(batch);
        Assert.AreEqual(1, values["rouge1"]);
        Assert.AreEqual(1, values["accuracy"]);
        var tags = tensor(new long[] { 1, 2, 0 }).view(1, 3);
        Assert.AreEqual(1, EvalMetrics.Combine(["seqeval"], ["O", "B-PER", "I-PER"]).Of(new EvalPrediction(tags, tags))["f1"]);
        foreach (var name in EvalMetrics.Names.Where(name => !name.Contains(' ')))
            Assert.IsNotNull(EvalMetrics.Combine([name], ["O"], tokenizer));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EvalMetrics.Combine("rouge")).Message, "'rouge' compares texts");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EvalMetrics.Combine("seqeval")).Message, "model.Config.Labels");
    }

    [TestMethod]
    public void Numbers_that_are_none_are_refused_by_name()
    {
        AssertRefused("MaxOrder", () => new BleuMetric { MaxOrder = 0 });
        AssertRefused("SmoothValue", () => new BleuMetric { SmoothValue = double.NaN });
        AssertRefused("CharOrder", () => new ChrfMetric { CharOrder = 0 });
        AssertRefused("WordOrder", () => new ChrfMetric { WordOrder = -1 });
        AssertRefused("Beta", () => new ChrfMetric { Beta = double.NaN });
        AssertRefused("ZeroDivision", () => new PrecisionRecallF1Metric { ZeroDivision = 0.5 });
        AssertRefused("'precison'; known are precision, recall, f1. Did you mean 'precision'?", () => new PrecisionRecallF1Metric { Keys = ["precison"] });
        AssertRefused("average", () => new PrecisionRecallF1Metric((MetricAverage)77));
        AssertRefused("Threshold", () => new MultiLabelMetric { Threshold = double.NaN });
        AssertRefused("noAnswerThreshold", () => new SquadV2Metric(double.NaN));
        AssertRefused("noAnswerProbability", () => { new SquadV2Metric().Add("a", ["a"], double.NaN); return 0; });
        AssertRefused("classes", () => { new LogLossMetric().Add([], [], 0); return 0; });
        AssertRefused("labels of 0 or 1, or -100 for those that do not count; one is 2", () => { new MultiLabelMetric().Add([1], [2], 1); return 0; });

        static void AssertRefused(string name, Func<object> create) => StringAssert.Contains(Assert.Throws<ArgumentException>(() => create()).Message, name);
    }

    [TestMethod]
    public void A_label_between_0_and_1_is_refused()
    {
        using var scope = NewDisposeScope();
        var metric = new MultiLabelMetric();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add(new EvalPrediction(zeros(1, 2), tensor(new float[] { 1, 0.5f }).view(1, 2)))).Message, "one is 0.5");
        var perplexity = new PerplexityMetric();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => perplexity.Add(new EvalPrediction(zeros(1, 2, 5), tensor(new long[] { 1, 5 }).view(1, 2)))).Message, "a label is 5");
    }
}
