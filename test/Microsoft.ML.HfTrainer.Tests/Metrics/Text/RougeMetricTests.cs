namespace Microsoft.ML.HfTrainer.Tests.Metrics.Text;

[TestClass]
public class RougeMetricTests
{
    [TestMethod]
    public void Words_pairs_and_sequences_are_compared()
    {
        var scores = new RougeMetric().Score("the cat sat on the mat", "the cat is on the mat");
        Assert.AreEqual(5 / 6.0, scores["rouge1"].F1, 1e-12);
        Assert.AreEqual(3 / 5.0, scores["rouge2"].F1, 1e-12);
        Assert.AreEqual(5 / 6.0, scores["rougeL"].F1, 1e-12);
    }

    [TestMethod]
    public void Sentences_stand_on_lines()
    {
        var scores = new RougeMetric().Score("second one\nfirst one", "first one\n\nsecond one");
        Assert.AreEqual(1, scores["rougeLsum"].F1);
        Assert.AreEqual(0.5, scores["rougeL"].F1);
    }

    [TestMethod]
    public void The_stemmer_takes_forms_of_a_word_for_the_same()
    {
        Assert.AreEqual(1, new RougeMetric(useStemmer: true).Score("running horses happily", "runs horse happy")["rouge1"].Precision * 1.5, 1e-12);
        Assert.AreEqual(0, new RougeMetric().Score("running horses", "runs horse")["rouge1"].F1);
    }

    [TestMethod]
    public void What_has_no_words_scores_0()
    {
        Assert.AreEqual(default, new RougeMetric().Score("日本語", "日本語")["rouge1"]);
        Assert.AreEqual(default, new RougeMetric().Score("", "")["rougeLsum"]);
        Assert.AreEqual(1, new RougeMetric().Score("\u212Aelvin", "kelvin")["rouge1"].F1);
    }

    [TestMethod]
    public void The_best_reference_counts()
    {
        var metric = new RougeMetric { Kinds = ["rouge1", "rouge3"] };
        metric.Add("one two three", "none", "one two three");
        metric.Add("one two three", "none");
        MetricInputs.AssertSame(new Dictionary<string, double> { ["rouge1"] = 0.5, ["rouge3"] = 0.5 }, metric.Compute());
    }

    [TestMethod]
    public void An_unknown_kind_is_named() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new RougeMetric { Kinds = ["rougeW"] }.Score("a", "a")).Message, "'rougeW'");

    [TestMethod]
    public void A_reference_that_is_null_is_named()
    {
        foreach (var metric in EvalMetrics.Names.Select(EvalMetrics.Get).OfType<ITextMetric>())
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => metric.Add("a", "a", null!)).Message, $"{metric.Name}: reference 1 of 2 is null");
    }

    [TestMethod]
    public void Words_may_be_split_by_ones_own_function()
    {
        var metric = new RougeMetric(useStemmer: true) { Tokenizer = text => text.Where(c => c != ' ').Select(c => c.ToString()) };
        var scores = metric.Score("日本語", "日本人");
        Assert.AreEqual(2 / 3.0, scores["rouge1"].F1, 1e-12);
        Assert.AreEqual(0.5, scores["rouge2"].F1, 1e-12);
        Assert.AreEqual(1, metric.Score("二\n一", "一\n二")["rougeLsum"].F1);
        Assert.AreEqual(0, new RougeMetric { Tokenizer = text => text.Split(' ') }.Score("Cat", "cat")["rouge1"].F1);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => new RougeMetric { Tokenizer = _ => null! }.Score("a", "a")).Message, "Tokenizer returned null");
    }
}
