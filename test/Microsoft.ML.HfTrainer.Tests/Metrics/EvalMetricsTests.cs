using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics;

[TestClass]
public class EvalMetricsTests
{
    [TestMethod]
    public void Accuracy_is_the_share_of_right_classes()
    {
        using var scores = tensor(new float[] { 1, 2, 0, 5, 4, 3, -1, -2, 0 }).reshape(3, 3);
        using var labels = tensor(new long[] { 1, 0, 1 });
        Assert.AreEqual(2 / 3.0, EvalMetrics.Accuracy(new EvalPrediction(scores, labels))["accuracy"]);
    }

    [TestMethod]
    public void Labels_of_minus_100_do_not_count()
    {
        using var scores = tensor(new float[] { 1, 2, 2, 1, 1, 2, 2, 1 }).reshape(2, 2, 2);
        using var labels = tensor(new long[] { 1, -100, 0, 0 }).reshape(2, 2);
        Assert.AreEqual(2 / 3.0, EvalMetrics.Accuracy(new EvalPrediction(scores, labels))["accuracy"]);
        Assert.IsTrue(double.IsNaN(EvalMetrics.Accuracy([1], [-100])));
    }

    [TestMethod]
    public void Predictions_and_labels_have_to_match()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EvalMetrics.Accuracy([1, 2], [1])).Message, "1 labels and 2 predictions");
        using var scores = zeros(2, 3);
        Assert.ThrowsExactly<InvalidOperationException>(() => EvalMetrics.Accuracy(new EvalPrediction(scores, null)));
    }
}
