using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics;

[TestClass]
public class PerplexityMetricTests
{
    [TestMethod]
    public void Even_scores_give_the_size_of_the_vocabulary()
    {
        using var logits = zeros(2, 4, 7);
        using var labels = tensor(new long[] { 1, 2, 3, 4, 5, 6, -100, -100 }).reshape(2, 4);
        var metric = new PerplexityMetric(keepSequences: true);
        Assert.AreEqual(7, metric.Of(new(logits, labels))["perplexity"], 1e-9);
        metric.Add(new(logits, labels));
        Assert.AreEqual(Math.Log(7), metric.MeanLoss, 1e-12);
        Assert.HasCount(2, metric.Sequences);
    }

    [TestMethod]
    public void A_shifted_score_is_for_the_next_token()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 1, 2 }).reshape(1, 3);
        var next = 50 * nn.functional.one_hot(tensor(new long[] { 1, 2, 0 }), 3).to(ScalarType.Float32).reshape(1, 3, 3);
        Assert.AreEqual(1, new PerplexityMetric().Of(new(next, labels))["perplexity"], 1e-9);
        Assert.IsGreaterThan(1e6, new PerplexityMetric(shift: false).Of(new(next, labels))["perplexity"]);
    }

    [TestMethod]
    public void Sequences_without_labels_are_unknown()
    {
        using var logits = zeros(1, 3, 7);
        using var labels = tensor(new long[] { 4, -100, -100 }).reshape(1, 3);
        using var single = tensor(new long[] { 4 }).reshape(1, 1);
        using var one = zeros(1, 1, 7);
        var metric = new PerplexityMetric();
        metric.Add(new(logits, labels));
        metric.Add(new(one, single));
        MetricInputs.AssertUnknown(metric);
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var logits = zeros(1, 3, 7);
        using var labels = zeros(1, 4, dtype: ScalarType.Int64);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new PerplexityMetric().Add(new(logits, labels))).Message, "the predictions are [1, 3, 7] and the labels [1, 4]");
    }
}
