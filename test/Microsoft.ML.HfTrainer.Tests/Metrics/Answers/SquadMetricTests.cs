namespace Microsoft.ML.HfTrainer.Tests.Metrics.Answers;

[TestClass]
public class SquadMetricTests
{
    [TestMethod]
    [DataRow("The Café, in  Paris!", "cafe\u0301 in paris", 0.0)]
    [DataRow("The Café, in  Paris!", "café in paris", 100.0)]
    [DataRow("THE answer (an old one)", "answer old one", 100.0)]
    [DataRow("“the” a", "“ ”", 100.0)]
    [DataRow("other", "another", 0.0)]
    [DataRow("ΟΔΟΣ", "οδο\u03C2", 100.0)]
    [DataRow("ΟΔΟΣ", "οδο\u03C3", 0.0)]
    public void Case_punctuation_and_articles_do_not_count(string prediction, string answer, double expected)
    {
        var metric = new SquadMetric();
        metric.Add(prediction, answer);
        Assert.AreEqual(expected, metric.Compute()["exact_match"]);
    }

    [TestMethod]
    public void The_best_of_several_answers_counts()
    {
        var metric = new SquadMetric();
        metric.Add("red house", "house", "blue car");
        Assert.AreEqual(200 / 3.0, metric.Compute()["f1"], 1e-9);
        Assert.AreEqual(0, metric.Compute()["exact_match"]);
    }

    [TestMethod]
    public void A_question_without_answers_is_refused() => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SquadMetric().Add("house")).Message, "'house'");
}
