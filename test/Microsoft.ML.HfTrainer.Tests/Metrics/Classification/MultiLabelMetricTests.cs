using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Classification;

[TestClass]
public class MultiLabelMetricTests
{
    [TestMethod]
    public void A_positive_logit_is_a_yes()
    {
        using var logits = tensor(new float[] { 1, -1, 2, -3, 4, 5 }).reshape(3, 2);
        using var labels = tensor(new float[] { 1, 0, 0, 0, 1, 1 }).reshape(3, 2);
        var values = new MultiLabelMetric().Of(new(logits, labels));
        Assert.AreEqual(2 / 3.0, values["subset_accuracy"], 1e-12);
        Assert.AreEqual(1 / 6.0, values["hamming_loss"], 1e-12);
        Assert.AreEqual(6 / 7.0, values["micro_f1"], 1e-12);
        Assert.AreEqual(2 / 3.0, values["samples_f1"], 1e-12);
    }

    [TestMethod]
    public void Labels_of_minus_100_do_not_count()
    {
        var metric = new MultiLabelMetric();
        metric.Add([1, 1, 0, 0], [1, -100, -100, -100], 2);
        var values = metric.Compute();
        Assert.AreEqual(1, values["subset_accuracy"]);
        Assert.AreEqual(0, values["hamming_loss"]);
        metric.Reset();
        metric.Add([1, 1], [-100, -100], 2);
        MetricInputs.AssertUnknown(metric);
    }

    [TestMethod]
    public void Batches_give_what_all_at_once_gives()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        MetricInputs.AssertSameInBatches(() => new MultiLabelMetric(), new(randn(20, 4, generator: generator), randint(0, 2, new long[] { 20, 4 }, dtype: ScalarType.Float32, generator: generator)));
    }

    [TestMethod]
    public void Lengths_that_do_not_fit_are_named()
    {
        var metric = new MultiLabelMetric();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add([1, 0, 1], [1, 0], 2)).Message, "2 labels and 3 predictions");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add([1, 0, 1], [1, 0, 1], 2)).Message, "rows of 2");
        using var logits = zeros(3, 2);
        using var labels = zeros(3, dtype: ScalarType.Int64);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add(new EvalPrediction(logits, labels))).Message, "[3, 2] and the labels [3]");
    }
}
