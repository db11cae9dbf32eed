using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Tagging;

[TestClass]
public class SeqEvalMetricTests
{
    [TestMethod]
    public void An_entity_is_right_where_type_and_both_ends_are()
    {
        var metric = new SeqEvalMetric { EntityLevel = true };
        metric.Add(["B-PER", "I-PER", "O", "B-LOC", "I-LOC"], ["B-PER", "I-PER", "O", "B-LOC", "O"]);
        MetricInputs.AssertSame(new Dictionary<string, double>
        {
            ["precision"] = 0.5, ["recall"] = 0.5, ["f1"] = 0.5, ["accuracy"] = 0.8,
            ["PER_precision"] = 1, ["PER_recall"] = 1, ["PER_f1"] = 1, ["PER_number"] = 1,
            ["LOC_precision"] = 0, ["LOC_recall"] = 0, ["LOC_f1"] = 0, ["LOC_number"] = 1,
        }, metric.Compute());
    }

    [TestMethod]
    public void Only_a_scheme_refuses_an_inside_that_follows_nothing()
    {
        string[] predicted = ["O", "I-PER", "I-PER"], right = ["O", "B-PER", "I-PER"];
        Assert.AreEqual(1, F1(null, predicted, right));
        Assert.AreEqual(0, F1(TaggingScheme.IOB2, predicted, right));
        Assert.AreEqual(1, F1(TaggingScheme.IOB1, predicted, predicted));
    }

    [TestMethod]
    [DataRow("IOB1", "I-A I-A B-A O", "A 0 2, A 2 3")]
    [DataRow("IOB2", "B-A I-A B-A I-B O", "A 0 2, A 2 3")]
    [DataRow("IOE1", "I-A E-A I-A O", "A 0 2, A 2 3")]
    [DataRow("IOE2", "I-A E-A E-A I-A O", "A 0 2, A 2 3")]
    [DataRow("IOBES", "B-A E-A S-A B-A I-A O", "A 0 2, A 2 3")]
    [DataRow("BILOU", "B-A L-A U-A B-A I-A O", "A 0 2, A 2 3")]
    public void Schemes_mark_entities_each_in_its_way(string scheme, string tags, string expected) => Assert.AreEqual(
        expected, string.Join(", ", TaggingScheme.Get(scheme).Entities(tags.Split(' ')).Select(e => $"{e.Type} {e.Start} {e.End}")));

    [TestMethod]
    public void A_tag_of_another_scheme_is_named()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => F1(TaggingScheme.IOB2, ["S-PER"], ["O"])).Message, "'S-PER' is not a tag of IOB2");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TaggingScheme.Get("IOB3")).Message, "IOB1, IOB2");
    }

    [TestMethod]
    public void Sentences_without_entities_score_0_and_without_words_are_unknown()
    {
        var metric = new SeqEvalMetric();
        metric.Add([], []);
        MetricInputs.AssertUnknown(metric);
        metric.Add(["O"], ["O"]);
        MetricInputs.AssertSame(new Dictionary<string, double> { ["precision"] = 0, ["recall"] = 0, ["f1"] = 0, ["accuracy"] = 1 }, metric.Compute());
        Assert.AreEqual(0, metric.Score(MetricAverage.Weighted).F1);
        Assert.AreEqual(double.NaN, metric.Score(MetricAverage.Macro).F1);
    }

    [TestMethod]
    public void Types_may_be_of_any_script() => Assert.AreEqual(1, F1(TaggingScheme.IOBES, ["B-地名", "E-地名", "S-Ménage"], ["B-地名", "E-地名", "S-Ménage"]));

    [TestMethod]
    public void The_output_of_a_model_is_read_with_its_labels()
    {
        using var scope = NewDisposeScope();
        string[] tags = ["O", "B-PER", "I-PER"];
        var labels = tensor(new long[] { -100, 1, 2, 0, -100, 1, -100, 0 }).reshape(2, 4);
        var scores = nn.functional.one_hot(tensor(new long[] { 1, 1, 2, 0, 2, 1, 2, 0 }), 3).to(ScalarType.Float32).reshape(2, 4, 3);
        MetricInputs.AssertSame(new Dictionary<string, double> { ["precision"] = 1, ["recall"] = 1, ["f1"] = 1, ["accuracy"] = 1 }, new SeqEvalMetric(tags).Of(new(scores, labels)));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => new SeqEvalMetric().Add(new(scores, labels))).Message, "Labels");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SeqEvalMetric(["O", "B-PER"]).Add(new(scores, labels))).Message, "a class 2, but 2 tags");
    }

    [TestMethod]
    public void Batches_give_what_all_at_once_gives()
    {
        using var scope = NewDisposeScope();
        string[] tags = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];
        var data = MetricInputs.Classified(60, 5, seed: 8);
        MetricInputs.AssertSameInBatches(() => new SeqEvalMetric(tags, TaggingScheme.IOB2) { EntityLevel = true }, new(data.Predictions.reshape(10, 6, 5), data.LabelIds!.reshape(10, 6)));
    }

    [TestMethod]
    public void Lengths_that_differ_are_named() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => F1(null, ["O", "O"], ["O"])).Message, "1 labels and 2 predictions");

    private static double F1(TaggingScheme? scheme, string[] predicted, string[] right)
    {
        var metric = new SeqEvalMetric(scheme: scheme);
        metric.Add(predicted, right);
        return metric.Compute()["f1"];
    }

    // What seqeval gives for suffix=True.
    [TestMethod]
    public void Tags_may_end_with_their_prefix()
    {
        var metric = new SeqEvalMetric { Suffix = true, EntityLevel = true };
        metric.Add(["PER-B", "PER-I", "O", "LOC-B", "NEW-YORK-B"], ["PER-B", "PER-I", "O", "ORG-B", "NEW-YORK-B"]);
        var values = metric.Compute();
        Assert.AreEqual(2 / 3.0, values["f1"], 1e-12);
        Assert.AreEqual(1, values["PER_f1"]);
        Assert.AreEqual(1, values["NEW-YORK_f1"]);
        Assert.AreEqual(0, values["LOC_f1"]);
        var strict = new SeqEvalMetric(scheme: TaggingScheme.IOB2) { Suffix = true };
        strict.Add(["PER-I", "PER-I", "LOC-B"], ["PER-B", "PER-I", "LOC-B"]);
        Assert.AreEqual(2 * 1 * 0.5 / 1.5, strict.Compute()["f1"], 1e-12);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => strict.Add(["B-PER"], ["O"])).Message, "'B-PER' is not a tag of IOB2, which ends with one of");
    }

    [TestMethod]
    public void A_tag_that_is_null_is_named()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SeqEvalMetric().Add(["O", null!], ["O", "O"])).Message, "tag 1 of 2 in predicted is null");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SeqEvalMetric().Add(["O"], [null!])).Message, "tag 0 of 1 in references is null");
    }
}
