namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationWeightTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void WeightsMultiplyTheLossesOfTheirExamples()
    {
        var plain = Losses(_ => { });
        AssertTimes(2, plain, Losses(o => o.ExampleWeightColumnName = "Weight", weight: 2));
        AssertTimes(3, plain, Losses(o => o.ClassWeights = new Dictionary<string, float> { ["positive"] = 3, ["negative"] = 3 }));
        AssertTimes(0, plain, Losses(o => o.ExampleWeightColumnName = "Weight", weight: 0));
    }

    [TestMethod]
    public void AClassThatWeighsNothingIsNotLearnt()
    {
        var (rows, zero) = (Review.Some(16), new Dictionary<string, float> { ["negative"] = 0 });
        var trained = Train(rows, o => (o.ClassWeights, o.Arguments.NumTrainEpochs, o.Arguments.LearningRate) = (zero, 12, 5e-3));
        using var owner = (IDisposable)trained;
        CollectionAssert.AreEquivalent(new[] { "positive" }, trained.Predict(_ml, rows).Select(v => v.PredictedLabel).Distinct().ToArray());
    }

    // The loss of the first update: weights have not moved yet.
    private double Losses(Action<SequenceClassificationOptions> change, float weight = 1)
    {
        var rows = Review.Some();
        rows.ForEach(row => row.Weight = weight);
        var trained = Train(rows, o =>
        {
            (o.Arguments.LoggingSteps, o.Arguments.MaxSteps) = (1, 1);
            change(o);
        });
        using var owner = (IDisposable)trained;
        return trained.Classifier().LogHistory[0]["loss"];
    }

    private ITransformer Train(List<Review> rows, Action<SequenceClassificationOptions> change) =>
        Classifiers.Pipeline(_ml, _model, change).Fit(_ml.Data.LoadFromEnumerable(rows));

    private static void AssertTimes(double factor, double plain, double weighted) => Assert.AreEqual(factor * plain, weighted, 1e-5 * Math.Max(1, factor * plain));
}
