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
    [DataRow("saved at its end", 0, "its model is loaded from '")]
    [DataRow("of which the best update is loaded", 0, "its model is loaded from '")]
    [DataRow("stopped by a callback", 0, "its model is loaded from '")]
    [DataRow("not saved", 1, "is trained again, since its model is not saved: There is no whole checkpoint in '")]
    [DataRow("not saved at its end", 1, "'checkpoint-1', is of update 1 of 2.")]
    [DataRow("damaged", 1, "is trained again, since its model is not saved: There is no whole checkpoint in '")]
    public void ASearchThatFoundItsBestModelBeforeLoadsItOrSaysWhyNot(string trial, int trained, string why)
    {
        using var folder = new TemporaryFolder();
        using var first = (IDisposable)Classifiers.Train(_ml, _model, options => Kept(options, null));
        foreach (var model in Directory.GetFiles(folder.Path, "model.safetensors", SearchOption.AllDirectories))
            if (trial == "damaged")
                File.WriteAllBytes(model, []);
        var (lines, begun) = (new LogLines(_ml), new CountRuns());
        using var again = (IDisposable)Classifiers.Train(_ml, _model, options => Kept(options, begun));
        Assert.AreEqual(trained, begun.Runs);
        Assert.Contains(line => line.Contains("is the best") && line.Contains(why.Replace("'checkpoint-1'", $"{Path.DirectorySeparatorChar}checkpoint-1'")), [.. lines.Infos, .. lines.Warnings]);
        Assert.HasCount(3, ((ITransformer)again).Classifier().BestRun!.Study.Trials);
        CollectionAssert.AreEqual(Scores((ITransformer)first), Scores((ITransformer)again));
        Assert.IsNotEmpty(((ITransformer)again).Classifier().LogHistory);

        void Kept(SequenceClassificationOptions options, ITrainerCallback? callback)
        {
            Search(options);
            var args = options.Arguments;
            // A search resumes by itself.
            (args.OutputDir, args.ResumeFromCheckpoint, args.LoggingSteps) = (folder["out"], "true", 1);
            if (trial.StartsWith("not saved", StringComparison.Ordinal))
                args.SaveStrategy = SaveStrategy.No;
            if (trial == "not saved at its end")
                options.Callbacks.Add(new SaveAfterFirst());
            if (trial == "of which the best update is loaded")
                (args.LoadBestModelAtEnd, args.EvalStrategy, args.EvalSteps, args.SaveSteps) = (true, IntervalStrategy.Steps, 1, 1);
            if (trial == "stopped by a callback")
                options.Callbacks.Add(new StopAfterFirst());
            if (callback is not null)
                options.Callbacks.Add(callback);
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

    private sealed class CountRuns : ITrainerCallback
    {
        public int Runs { get; private set; }

        public void OnTrainBegin(CallbackContext context) => Runs++;
    }

    private sealed class SaveAfterFirst : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => context.Control.ShouldSave |= context.State.GlobalStep == 1;
    }

    private sealed class StopAfterFirst : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => context.Control.ShouldSave = context.Control.ShouldTrainingStop = true;
    }
}
