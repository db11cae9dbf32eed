using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Classification;

[TestClass]
public class ClassMetricTests
{
    [TestMethod]
    public void All_labels_left_out_is_nothing_known()
    {
        foreach (var metric in EvalMetrics.Names.Select(EvalMetrics.Get).OfType<ClassMetric>())
        {
            metric.Add([0, 1, 1], [-100, -100, -100]);
            MetricInputs.AssertUnknown(metric);
        }
    }

    [TestMethod]
    public void Lengths_that_differ_are_named()
    {
        foreach (var metric in EvalMetrics.Names.Select(EvalMetrics.Get).OfType<ClassMetric>())
        {
            var message = Assert.ThrowsExactly<ArgumentException>(() => metric.Add([0, 1, 1], [0])).Message;
            StringAssert.Contains(message, $"{metric.Name} needs one label for each prediction; there are 1 labels and 3 predictions");
        }
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        StringAssert.Contains(Thrown(zeros(4, 3), zeros(5, dtype: ScalarType.Int64)), "the predictions are [4, 3] and the labels [5]");
        StringAssert.Contains(Thrown(zeros(4, 6, 3), zeros(4, 5, dtype: ScalarType.Int64)), "the predictions are [4, 6, 3] and the labels [4, 5]");
        StringAssert.Contains(Thrown(zeros(4, 1), zeros(4, dtype: ScalarType.Int64)), "two or more classes");

        static string Thrown(Tensor predictions, Tensor labels) => Assert.ThrowsExactly<ArgumentException>(() => new AccuracyMetric().Add(new EvalPrediction(predictions, labels))).Message;
    }

    [TestMethod]
    public void Predictions_in_the_shape_of_the_labels_are_classes()
    {
        using var predictions = tensor(new float[] { 2, 0, 1, 1 }).reshape(2, 2);
        using var labels = tensor(new long[] { 2, 0, -100, 0 }).reshape(2, 2);
        Assert.AreEqual(2 / 3.0, EvalMetrics.Accuracy(new(predictions, labels))["accuracy"]);
    }

    [TestMethod]
    public void Scores_are_not_taken_for_classes()
    {
        using var scores = tensor(new float[] { 0, 0.75f });
        using var labels = tensor(new long[] { 0, 1 });
        var message = Assert.ThrowsExactly<ArgumentException>(() => new AccuracyMetric().Add(new EvalPrediction(scores, labels))).Message;
        StringAssert.Contains(message, "there is 0.75 in predictions [2]");
    }

    [TestMethod]
    public void NaN_is_the_highest_score()
    {
        using var scores = tensor(new float[] { 0, float.NaN, 1 }).reshape(1, 3);
        using var labels = tensor(new long[] { 1 });
        Assert.AreEqual(1, EvalMetrics.Accuracy(new(scores, labels))["accuracy"]);
    }
}
