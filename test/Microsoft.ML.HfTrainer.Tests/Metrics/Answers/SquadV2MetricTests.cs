namespace Microsoft.ML.HfTrainer.Tests.Metrics.Answers;

[TestClass]
public class SquadV2MetricTests
{
    [TestMethod]
    public void No_answer_is_right_where_there_is_none()
    {
        var metric = new SquadV2Metric();
        metric.Add("");
        metric.Add("house");
        metric.Add("", "house");
        var values = metric.Compute();
        Assert.AreEqual(100 / 3.0, values["exact"], 1e-9);
        Assert.AreEqual(50, values["NoAns_f1"]);
        Assert.AreEqual(0, values["HasAns_exact"]);
        Assert.AreEqual(1, values["HasAns_total"]);
    }

    [TestMethod]
    public void An_answer_above_the_threshold_counts_as_none()
    {
        var metric = new SquadV2Metric(noAnswerThreshold: 0.5);
        metric.Add("house", [], 0.6);
        metric.Add("house", ["house"], 0.7);
        metric.Add("house", ["house"], 0.5);
        var values = metric.Compute();
        Assert.AreEqual(200 / 3.0, values["exact"], 1e-9);
        Assert.AreEqual(50, values["HasAns_exact"]);
        Assert.AreEqual(0.5, values["best_exact_thresh"]);
        Assert.AreEqual(200 / 3.0, values["best_f1"], 1e-9);
    }

    [TestMethod]
    public void Kinds_of_questions_that_do_not_occur_have_no_values()
    {
        var metric = new SquadV2Metric();
        metric.Add("house", "house");
        CollectionAssert.DoesNotContain(metric.Compute().Keys.ToList(), "NoAns_exact");
    }
}
