using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationSearchTests
{
    private readonly MLContext _ml = new(seed: 7);
    private readonly TinyModel _model = new();
    private readonly SearchSpace _space = new SearchSpace().Categorical("learning_rate", 1e-3, 0.0, 1e-2);

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void FitGivesTheBestModelBack()
    {
        using var trained = (IDisposable)Classifiers.Train(_ml, _model, Search);
        var best = ((ITransformer)trained).Classifier();
        Assert.HasCount(3, best.BestRun!.Study.Trials);
        Assert.AreEqual(best.BestRun.Study.Trials.Min(t => t.Objective), best.BestRun.Objective);
        Assert.AreEqual(best.BestRun.Objective, best.LogHistory.Single(record => record.ContainsKey("eval_loss"))["eval_loss"]);
        // The model is that of its own training, without a search.
        using var alone = (IDisposable)Classifiers.Train(_ml, _model, o => o.Arguments.LearningRate = (double)best.BestRun.Hyperparameters["learning_rate"]!);
        CollectionAssert.AreEqual(Scores((ITransformer)alone), Scores((ITransformer)trained));
        Assert.IsNull(((ITransformer)alone).Classifier().BestRun);
    }

    [TestMethod]
    public void ASearchThatFoundItsBestModelBeforeTrainsItAgain()
    {
        using var folder = new TemporaryFolder();
        using var first = (IDisposable)Classifiers.Train(_ml, _model, Search);
        using (Classifiers.Train(_ml, _model, Kept) as IDisposable)
        {
        }
        using var again = (IDisposable)Classifiers.Train(_ml, _model, Kept);
        Assert.HasCount(3, ((ITransformer)again).Classifier().BestRun!.Study.Trials);
        CollectionAssert.AreEqual(Scores((ITransformer)first), Scores((ITransformer)again));

        void Kept(SequenceClassificationOptions options)
        {
            Search(options);
            options.Arguments.OutputDir = folder["out"];
        }
    }

    [TestMethod]
    public void NoModelOfATrialIsLeft()
    {
        ((IDisposable)Classifiers.Train(_ml, _model, Search)).Dispose();
        var live = new LiveTensors();
        var trained = (IDisposable)Classifiers.Train(_ml, _model, Search);
        var parameters = ((ITransformer)trained).Classifier().Model.parameters().Count();
        trained.Dispose();
        // TorchSharp counts the tensor that a parameter was made from, which is gone, for good.
        live.AssertUnchanged(3 * parameters);
    }

    [TestMethod]
    public void ASearchNeedsAValidationSet()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Classifiers.Train(_ml, _model, o => o.Search = new()));
        StringAssert.Contains(error.Message, "set ValidationSet");
    }

    private void Search(SequenceClassificationOptions options)
    {
        options.ValidationSet = _ml.Data.LoadFromEnumerable(Review.Some(11).Skip(3).ToList());
        options.ComputeMetrics = _ => new Dictionary<string, double>();
        options.Search = new HyperparameterSearchOptions { Space = _space, Sampler = new GridSearchSampler() };
    }

    private float[] Scores(ITransformer model) => [.. model.Predict(_ml, Review.Some(5)).SelectMany(v => v.Score)];
}
