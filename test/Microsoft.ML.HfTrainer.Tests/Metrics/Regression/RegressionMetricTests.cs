using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Regression;

[TestClass]
public class RegressionMetricTests
{
    [TestMethod]
    [DataRow("mse", 5.0 / 3)]
    [DataRow("mae", 1.0)]
    [DataRow("rmse", 1.2909944487358056)]
    [DataRow("r2", 1 - 5 / 2.0)]
    [DataRow("pearson", 1.0)]
    [DataRow("spearmanr", 1.0)]
    public void Is_what_it_is_defined_to_be(string name, double expected) => Assert.AreEqual(expected, Value(name, [1, 3, 5], [1, 2, 3]), 1e-12);

    [TestMethod]
    [DataRow("r2", new[] { 1.0, 1.0 }, new[] { 1.0, 1.0 }, 1.0)]
    [DataRow("r2", new[] { 1.0, 2.0 }, new[] { 1.0, 1.0 }, 0.0)]
    [DataRow("r2", new[] { 1.0 }, new[] { 1.0 }, double.NaN)]
    [DataRow("pearson", new[] { 1.0, 1.0 }, new[] { 1.0, 2.0 }, double.NaN)]
    [DataRow("pearson", new[] { 1.0 }, new[] { 1.0 }, double.NaN)]
    [DataRow("spearmanr", new[] { 1.0, 2.0 }, new[] { 3.0, 3.0 }, double.NaN)]
    [DataRow("mae", new[] { 0.0 }, new[] { -100.0 }, 100.0)]
    public void Constant_and_single_values_have_their_documented_result(string name, double[] predicted, double[] labels, double expected) =>
        Assert.AreEqual(expected, Value(name, predicted, labels));

    [TestMethod]
    [DataRow("mse")]
    [DataRow("mae")]
    [DataRow("rmse")]
    [DataRow("r2")]
    [DataRow("pearson")]
    [DataRow("spearmanr")]
    public void NaN_stays_NaN(string name)
    {
        Assert.IsTrue(double.IsNaN(Value(name, [1, double.NaN, 3], [1, 2, 3])));
        Assert.IsTrue(double.IsNaN(Value(name, [1, 2, 3], [1, 2, double.NaN])));
    }

    [TestMethod]
    public void Correlation_holds_where_the_mean_is_large() => Assert.AreEqual(1, Value("pearson", [1e9, 1e9 + 1, 1e9 + 2], [5e8 - 1, 5e8, 5e8 + 1]), 1e-9);

    [TestMethod]
    public void One_column_is_taken_for_a_value()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var (column, labels) = (randn(20, 1, generator: generator), randn(20, generator: generator));
        foreach (var name in new[] { "mse", "mae", "rmse", "r2", "pearson", "spearmanr" })
        {
            MetricInputs.AssertSame(Of(name).Of(new(column.squeeze(-1), labels)), Of(name).Of(new(column, labels)));
            MetricInputs.AssertSameInBatches(() => Of(name), new(column, labels));
        }
    }

    [TestMethod]
    public void Lengths_that_do_not_fit_are_named()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Value("mse", [1, 2], [1])).Message, "1 labels and 2 predictions");
        using var values = zeros(4, 2);
        using var labels = zeros(4);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Of("mse").Add(new EvalPrediction(values, labels))).Message, "the predictions are [4, 2] and the labels [4]");
    }

    private static RegressionMetric Of(string name) => (RegressionMetric)EvalMetrics.Get(name);

    private static double Value(string name, double[] predicted, double[] labels)
    {
        var metric = Of(name);
        metric.Add(predicted, labels);
        return metric.Compute()[name];
    }
}
