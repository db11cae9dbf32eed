namespace Microsoft.ML.HfTrainer.Tests.Metrics.Text;

[TestClass]
public class BleuMetricTests
{
    [TestMethod]
    [DataRow("13a", "Mr. Smith's price: $1,000.50 (a 5-year-old one).", "Mr . Smith's price : $ 1,000.50 ( a 5 - year-old one ) .")]
    [DataRow("13a", "a&amp;b &lt;c&gt; line-\nend\nnext <skipped>...", "a & b < c > lineend next . . .")]
    [DataRow("13a", "“quoted” 1.,2", "“quoted” 1 . , 2")]
    [DataRow("intl", "“quoted”—2,000€ 😀ok 1.", "“ quoted ” —2,000 € 😀 ok 1.")]
    [DataRow("intl", "مرحبا، 𝟏,𝟐", "مرحبا ، 𝟏,𝟐")]
    [DataRow("char", "a\u00A0😀 é", "a 😀 é")]
    [DataRow("none", " a.\tb\u2003c\u001Cd ", "a. b c d")]
    public void Tokenizers_cut_each_in_its_way(string tokenizer, string text, string expected) => Assert.AreEqual(expected, string.Join(' ', BleuTokenizer.Get(tokenizer).Split(text)));

    [TestMethod]
    public void The_reference_nearest_in_length_counts_and_the_shorter_of_two()
    {
        var metric = new BleuMetric();
        metric.Add("one two three", "one two three four", "one two", "one");
        Assert.AreEqual(2, metric.Score().ReferenceLength);
        Assert.AreEqual(1, metric.Score().BrevityPenalty);
    }

    [TestMethod]
    public void Of_several_references_each_ngram_counts_as_often_as_in_one_of_them()
    {
        var metric = new BleuMetric();
        metric.Add("the the the cat", "the cat", "the the");
        CollectionAssert.AreEqual(new double[] { 3, 2, 0, 0 }, metric.Score().Counts.ToArray());
    }

    [TestMethod]
    public void An_empty_prediction_scores_0()
    {
        var metric = new BleuMetric();
        metric.Add("", "a reference");
        Assert.AreEqual(0, metric.Compute()["bleu"]);
        Assert.AreEqual(0, metric.Score().BrevityPenalty);
    }

    [TestMethod]
    public void A_text_without_references_is_refused() => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new BleuMetric().Add("house")).Message, "none for 'house'");

    [TestMethod]
    public void An_unknown_tokenizer_is_named() => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BleuTokenizer.Get("14a")).Message, "Known: 13a");
}
