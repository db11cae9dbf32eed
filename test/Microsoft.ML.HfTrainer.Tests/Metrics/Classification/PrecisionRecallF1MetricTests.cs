namespace Microsoft.ML.HfTrainer.Tests.Metrics.Classification;

[TestClass]
public class PrecisionRecallF1MetricTests
{
    [TestMethod]
    public void Binary_is_about_the_positive_class()
    {
        var metric = With(new(), [1, 1, 0, 0, 1], [1, 0, 0, 1, 1]);
        MetricInputs.AssertSame(new Dictionary<string, double> { ["precision"] = 2 / 3.0, ["recall"] = 2 / 3.0, ["f1"] = 2 / 3.0 }, metric.Compute());
        Assert.AreEqual(0.5, With(new() { PositiveLabel = 0 }, [1, 1, 0, 0, 1], [1, 0, 0, 1, 1]).Compute()["f1"]);
    }

    [TestMethod]
    public void Binary_of_three_classes_says_what_to_choose()
    {
        var metric = With(new() { Keys = ["f1"] }, [0, 1, 2], [0, 1, 2]);
        var message = Assert.ThrowsExactly<InvalidOperationException>(() => metric.Compute()).Message;
        StringAssert.Contains(message, "0, 1, 2");
        StringAssert.Contains(message, "f1_macro");
    }

    [TestMethod]
    public void A_class_without_examples_scores_what_division_by_nothing_gives()
    {
        var metric = With(new(MetricAverage.Macro) { Labels = [0, 1, 2] }, [0, 1], [0, 1]);
        Assert.AreEqual(2 / 3.0, metric.Compute()["f1"], 1e-12);
        Assert.AreEqual(1, With(new(MetricAverage.Macro) { Labels = [0, 1, 2], ZeroDivision = 1 }, [0, 1], [0, 1]).Compute()["f1"]);
        Assert.AreEqual(1, With(new(MetricAverage.Macro), [0, 1], [0, 1]).Compute()["f1"]);
    }

    [TestMethod]
    public void One_class_only_is_no_error()
    {
        Assert.AreEqual(0, With(new(), [0, 0], [0, 0]).Compute()["f1"]);
        Assert.AreEqual(1, With(new(), [1, 1], [1, 1]).Compute()["f1"]);
    }

    [TestMethod]
    public void Each_class_has_a_value_by_its_name()
    {
        var metric = With(new(MetricAverage.PerLabel) { Keys = ["recall"], LabelNames = ["no", "yes"] }, [0, 0, 1, 5], [0, 1, 1, 5]);
        MetricInputs.AssertSame(new Dictionary<string, double> { ["recall_no"] = 1, ["recall_yes"] = 0.5, ["recall_5"] = 1 }, metric.Compute());
    }

    [TestMethod]
    public void Many_classes_take_no_square_of_memory()
    {
        var metric = With(new(MetricAverage.Micro), [.. Enumerable.Range(0, 50_000)], [.. Enumerable.Range(0, 50_000)]);
        Assert.AreEqual(1, metric.Compute()["f1"]);
    }

    private static PrecisionRecallF1Metric With(PrecisionRecallF1Metric metric, int[] predicted, int[] labels)
    {
        metric.Add(predicted, labels);
        return metric;
    }
}
