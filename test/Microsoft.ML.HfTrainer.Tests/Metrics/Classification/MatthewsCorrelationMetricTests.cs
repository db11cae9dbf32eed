namespace Microsoft.ML.HfTrainer.Tests.Metrics.Classification;

[TestClass]
public class MatthewsCorrelationMetricTests
{
    [TestMethod]
    [DataRow(new[] { 1, 0, 1, 0 }, new[] { 1, 0, 1, 0 }, 1.0)]
    [DataRow(new[] { 0, 1, 0, 1 }, new[] { 1, 0, 1, 0 }, -1.0)]
    [DataRow(new[] { 1, 1, 1, 1 }, new[] { 1, 0, 1, 0 }, 0.0)]
    [DataRow(new[] { 1, 0, 1, 0 }, new[] { 1, 1, 1, 1 }, 0.0)]
    public void One_class_on_a_side_is_no_correlation(int[] predicted, int[] labels, double expected)
    {
        var metric = new MatthewsCorrelationMetric();
        metric.Add(predicted, labels);
        Assert.AreEqual(expected, metric.Compute()["matthews_correlation"]);
    }
}
