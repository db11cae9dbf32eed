namespace Microsoft.ML.HfTrainer.Tests.Metrics.Text;

[TestClass]
public class ChrfMetricTests
{
    [TestMethod]
    [DataRow("日本語", "日本語", 100.0)]
    [DataRow("😀😁", "😀 😁", 100.0)]
    [DataRow("abc", "xyz", 0.0)]
    [DataRow("", "xyz", 0.0)]
    [DataRow("😀", "😁", 0.0)]
    public void Characters_are_code_points_and_blanks_are_none(string prediction, string reference, double expected)
    {
        var metric = new ChrfMetric();
        metric.Add(prediction, reference);
        Assert.AreEqual(expected, metric.Compute()["chrf"], 1e-9);
    }

    [TestMethod]
    public void Words_lose_one_mark_at_an_end()
    {
        var (set, apart) = (new ChrfMetric { WordOrder = 2 }, new ChrfMetric { WordOrder = 2 });
        set.Add("hi) 'tis é, .", "hi ) ' tis é , .");
        apart.Add("(hi)", "(hi )");
        Assert.AreEqual(100, set.Compute()["chrf++"], 1e-9);
        Assert.IsLessThan(100, apart.Compute()["chrf++"]);
    }

    [TestMethod]
    public void The_best_reference_counts()
    {
        var metric = new ChrfMetric();
        metric.Add("house", "horse", "house", "mouse");
        Assert.AreEqual(100, metric.Compute()["chrf"], 1e-9);
    }

    [TestMethod]
    public void Lower_case_is_that_of_Unicode()
    {
        var metric = new ChrfMetric { Lowercase = true };
        metric.Add("ÉCOLE İ ΣΑΣ", "école i\u0307 σας");
        Assert.AreEqual(100, metric.Compute()["chrf"], 1e-9);
    }
}
