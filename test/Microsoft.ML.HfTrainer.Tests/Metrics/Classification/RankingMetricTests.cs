using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Classification;

[TestClass]
public class RankingMetricTests
{
    [TestMethod]
    [DataRow(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { 0, 0, 1, 1 }, 0.75)]
    [DataRow(new[] { 0.5, 0.5, 0.5, 0.5 }, new[] { 0, 0, 1, 1 }, 0.5)]
    [DataRow(new[] { 0.5, 0.5 }, new[] { 1, 1 }, double.NaN)]
    [DataRow(new[] { 0.5, 0.5 }, new[] { 0, 0 }, double.NaN)]
    [DataRow(new[] { 0.5, double.NaN }, new[] { 0, 1 }, double.NaN)]
    [DataRow(new[] { 0.5, 0.7 }, new[] { -100, -100 }, double.NaN)]
    public void Roc_auc_is_unknown_for_one_class_or_NaN(double[] scores, int[] labels, double expected) => Assert.AreEqual(expected, Value(new RocAucMetric(), scores, labels));

    [TestMethod]
    [DataRow(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { 0, 0, 1, 1 }, 0.5 + 1 / 3.0)]
    [DataRow(new[] { 0.5, 0.5, 0.5, 0.5 }, new[] { 0, 0, 0, 1 }, 0.25)]
    [DataRow(new[] { 0.5, 0.7 }, new[] { 1, 1 }, 1.0)]
    [DataRow(new[] { 0.5, 0.7 }, new[] { 0, 0 }, 0.0)]
    [DataRow(new[] { 0.5, double.NaN }, new[] { 0, 1 }, double.NaN)]
    public void Average_precision_without_positives_is_0(double[] scores, int[] labels, double expected) => Assert.AreEqual(expected, Value(new AveragePrecisionMetric(), scores, labels), 1e-12);

    [TestMethod]
    public void Two_logits_are_ranked_by_their_difference_however_large()
    {
        using var scores = tensor(new float[] { 0, 100, 0, 200, 0, 300, 0, 50 }).reshape(4, 2);
        using var labels = tensor(new long[] { 0, 1, 1, 0 });
        Assert.AreEqual(1, new RocAucMetric().Of(new(scores, labels))["roc_auc"]);
    }

    [TestMethod]
    public void Of_many_classes_each_has_to_be_there()
    {
        double[] scores = [.7, .2, .1, .1, .8, .1, .2, .2, .6];
        Assert.AreEqual(1, Value(new RocAucMetric(), scores, [0, 1, 2], 3));
        Assert.AreEqual(1, Value(new RocAucMetric(MetricAverage.Weighted, oneAgainstOne: true), scores, [0, 1, 2], 3));
        Assert.AreEqual(double.NaN, Value(new RocAucMetric(), scores, [0, 1, 1], 3));
    }

    [TestMethod]
    public void Lengths_and_labels_that_do_not_fit_are_named()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Value(new RocAucMetric(), [0.5, 0.6, 0.7], [0, 1])).Message, "2 labels and 3 scores");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Value(new RocAucMetric(), [0.5, 0.6], [0, 2])).Message, "a label is 2");
    }

    [TestMethod]
    public void An_average_that_is_none_of_many_classes_is_refused() => Assert.ThrowsExactly<ArgumentException>(() => new RocAucMetric(MetricAverage.Micro));

    private static double Value(RankingMetric metric, double[] scores, int[] labels, int classes = 1)
    {
        metric.Add(scores, labels, classes);
        return metric.Compute()[metric.Name];
    }
}
