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

    [TestMethod]
    public void An_unknown_name_suggests_the_nearest()
    {
        var message = Assert.ThrowsExactly<ArgumentException>(() => EvalMetrics.Get("acuracy")).Message;
        StringAssert.Contains(message, "'acuracy' is not a known metric. Did you mean 'accuracy'?");
        StringAssert.Contains(message, "rouge");
    }

    [TestMethod]
    public void Names_make_new_metrics()
    {
        foreach (var name in EvalMetrics.Names)
        {
            Assert.AreNotSame(EvalMetrics.Get(name), EvalMetrics.Get(name));
            Assert.AreNotEqual("", EvalMetrics.Get(name).Name);
        }
    }

    [TestMethod]
    public void What_is_registered_is_found()
    {
        EvalMetrics.Register("accuracy of a test", () => new AccuracyMetric());
        Assert.IsInstanceOfType<AccuracyMetric>(EvalMetrics.Get("accuracy of a test"));
    }

    [TestMethod]
    public void Nothing_added_is_nothing_known()
    {
        foreach (var name in EvalMetrics.Names.Where(name => name is not ("bleu" or "squad_v2")))
            MetricInputs.AssertUnknown(EvalMetrics.Get(name));
        Assert.IsTrue(double.IsNaN(new BleuMetric().Compute()["bleu"]));
        var answers = new SquadV2Metric().Compute();
        Assert.IsTrue(double.IsNaN(answers["exact"]) && double.IsNaN(answers["best_f1"]));
        Assert.AreEqual(0, answers["total"]);
    }

    [TestMethod]
    public void A_metric_that_was_reset_is_as_new()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (MetricInputs.Classified(30, 2, seed: 1), MetricInputs.Classified(20, 2, seed: 2));
        foreach (var metric in EvalMetrics.Names.Select(EvalMetrics.Get).OfType<IEvalMetric>().Where(m => m is ClassMetric or RankingMetric or LogLossMetric))
        {
            metric.Add(first);
            metric.Reset();
            metric.Add(second);
            MetricInputs.AssertSame(((IEvalMetric)EvalMetrics.Get(metric.Name is "precision/recall/f1" ? "precision_recall_f1" : metric.Name)).Of(second), metric.Compute());
        }
    }
}
