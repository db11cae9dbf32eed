using Microsoft.ML.HfTrainer.Tests.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics;

[TestClass]
public class DecodedTextMetricTests
{
    [TestMethod]
    public void Ids_are_decoded_without_padding()
    {
        using var scope = NewDisposeScope();
        var metric = new DecodedTextMetric(new RougeMetric(), TinyTokenizer.Load());
        var ids = tensor(new long[] { 2, 5, 6, 8, 9, 3, 2, 5, 6, 3, 0, 0 }).reshape(2, 6);
        var labels = tensor(new long[] { 5, 6, 8, 9, -100, 5, 6, 8, 9, -100 }).reshape(2, 5);
        Assert.AreEqual((1 + 2 / 3.0) / 2, metric.Of(new(ids, labels))["rouge1"], 1e-12);
    }

    [TestMethod]
    public void Of_scores_the_highest_is_the_token()
    {
        using var scope = NewDisposeScope();
        var metric = new DecodedTextMetric(new RougeMetric(), TinyTokenizer.Load());
        var labels = tensor(new long[] { 5, 6, 8, 9 }).reshape(1, 4);
        var scores = nn.functional.one_hot(labels, 13).to(ScalarType.Float32);
        Assert.AreEqual(1, metric.Of(new(scores, labels))["rouge2"]);
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        var metric = new DecodedTextMetric(new RougeMetric(), TinyTokenizer.Load());
        var message = Assert.ThrowsExactly<ArgumentException>(() => metric.Add(new(zeros(2, 3, dtype: ScalarType.Int64), zeros(3, 3, dtype: ScalarType.Int64)))).Message;
        StringAssert.Contains(message, "the predictions are [2, 3] and the labels [3, 3]");
    }
}
