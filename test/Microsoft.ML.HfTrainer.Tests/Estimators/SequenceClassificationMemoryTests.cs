using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationMemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void NoTensorOutlivesAPredictionOrADisposedModel()
    {
        using var folder = new TinyModel();
        var before = WarmUp(folder);
        for (var fit = 0; fit < 3; fit++)
        {
            var trained = Classifiers.Train(_ml, folder);
            var own = trained.Classifier().Model.parameters().Count();
            // TorchSharp counts the tensor that a parameter was made from, which is gone, for good.
            before += own;
            Assert.AreEqual(before + own, Count(), "the model's weights and nothing else");
            var engine = _ml.Model.CreatePredictionEngine<Review, Verdict>(trained);
            var rows = Review.Some(40);
            for (var i = 0; i < 1000; i++)
                engine.Predict(rows[i % rows.Count]);
            Assert.AreEqual(before + own, Count(), "1,000 predictions leave nothing");
            trained.Predict(_ml, rows);
            Assert.AreEqual(before + own, Count(), "nor does a pass over data");
            engine.Dispose();
            Assert.AreEqual(before, Count(), "the engine owns the model");
        }
    }

    [TestMethod]
    public void AFitThatFailsLeavesNothing()
    {
        using var folder = new TinyModel();
        var before = WarmUp(folder);
        var failing = new Failing();
        Assert.ThrowsExactly<InvalidOperationException>(() => Classifiers.Train(_ml, folder, o => o.Callbacks.Add(failing)));
        Assert.AreEqual(before + failing.Parameters, Count(), "one count a parameter stays, as above");
    }

    [TestMethod]
    public void ADisposedModelSaysSo()
    {
        using var folder = new TinyModel();
        var trained = Classifiers.Train(_ml, folder);
        var engine = _ml.Model.CreatePredictionEngine<Review, Verdict>(trained, new PredictionEngineOptions { OwnsTransformer = false });
        var classifier = trained.Classifier();
        var input = _ml.Data.LoadFromEnumerable(Review.Some());
        ((IDisposable)trained).Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => engine.Predict(Review.Some()[0]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => trained.Transform(input));
        Assert.ThrowsExactly<ObjectDisposedException>(() => classifier.Model);
        Assert.ThrowsExactly<ObjectDisposedException>(() => classifier.SavePretrained(folder.Folder));
        Assert.ThrowsExactly<ObjectDisposedException>(() => _ml.Model.Save(trained, input.Schema, new MemoryStream()));
        classifier.Dispose();
    }

    // What is made once a process is made here.
    private long WarmUp(TinyModel folder)
    {
        ((IDisposable)Classifiers.Train(_ml, folder)).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Count();
    }

    // Over all threads. A tensor that nobody disposed is still counted until its finalizer runs.
    private static long Count() => torch.Tensor.TotalCount;

    private sealed class Failing : ITrainerCallback
    {
        public int Parameters { get; private set; }

        public void OnStepEnd(CallbackContext context)
        {
            Parameters = context.Trainer.Model.parameters().Count();
            throw new NotSupportedException("a callback that fails");
        }
    }
}
