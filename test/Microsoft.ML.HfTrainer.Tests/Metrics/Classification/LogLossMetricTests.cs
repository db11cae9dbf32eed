using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Classification;

[TestClass]
public class LogLossMetricTests
{
    [TestMethod]
    public void A_probability_of_0_costs_much_but_not_all()
    {
        var metric = new LogLossMetric();
        metric.Add([1, 0], [1], 2);
        Assert.AreEqual(-Math.Log(2.220446049250313e-16), metric.Compute()["log_loss"], 1e-9);
    }

    [TestMethod]
    public void Logits_are_made_probabilities()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 1, -100 });
        Assert.AreEqual(Math.Log(2), new LogLossMetric().Of(new(zeros(3, 2), labels))["log_loss"], 1e-12);
        Assert.AreEqual(Math.Log(4), new LogLossMetric().Of(new(zeros(3, 4), labels))["log_loss"], 1e-12);
        Assert.AreEqual(Math.Log(2), new LogLossMetric().Of(new(zeros(3), labels))["log_loss"], 1e-12);
        Assert.IsTrue(double.IsNaN(new LogLossMetric().Of(new(full(3, 2, double.NaN), labels))["log_loss"]));
    }

    [TestMethod]
    public void Lengths_and_labels_that_do_not_fit_are_named()
    {
        var metric = new LogLossMetric();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add([0.5, 0.5, 0.5], [0, 1], 2)).Message, "2 labels and 3 probabilities");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add([0.5, 0.5], [2], 2)).Message, "a label is 2");
    }
}
