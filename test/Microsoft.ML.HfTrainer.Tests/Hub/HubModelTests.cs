using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>Models and tokenizers by their ids, from where a user names them.</summary>
[TestClass]
public sealed class HubModelTests : HubTest
{
    [TestMethod]
    public void AModelAndItsTokenizer()
    {
        using var tiny = new TinyModel();
        Hub.AddFolder(tiny.Folder);
        var options = new FromPretrainedOptions { Settings = Settings, NumLabels = 4 };
        var tokenizer = HfTokenizer.FromPretrained("org/tiny", options);
        Assert.AreEqual(("org/tiny", Cached("snapshots", LocalHub.Commit)), (tokenizer.Name, tokenizer.Folder));
        Assert.AreEqual(HfTokenizer.FromPretrained(tiny.Folder).Identity, tokenizer.Identity);
        Assert.IsEmpty(Hub.For("model.safetensors"));
        Assert.AreEqual("bert", PretrainedConfig.FromPretrained("org/tiny", options).ModelType);
        using var model = AutoModelForSequenceClassification.FromPretrained("org/tiny", options with { IgnoreMismatchedSizes = true });
        Assert.HasCount(4, model.Config.Labels);
        Assert.HasCount(2, Hub.For("model.safetensors"), "once at the hub, once at the storage");
    }

    [TestMethod]
    public void ATagThatIsNotThereIsNamed()
    {
        using var tiny = new TinyModel();
        Hub.AddFolder(tiny.Folder);
        var options = new FromPretrainedOptions { Settings = Settings, Revision = "v9" };
        Assert.Contains("no branch, tag or commit \"v9\"", Assert.ThrowsExactly<HubException>(() => AutoModelForSequenceClassification.FromPretrained("org/tiny", options)).Message);
    }

    [TestMethod]
    public void APipelineThatNamesTheModelOnce()
    {
        using var tiny = new TinyModel();
        Hub.AddFolder(tiny.Folder);
        var ml = new MLContext(seed: 1);
        var log = new LogLines(ml);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.TokenizeHf("Text", model: "org/tiny", maxLength: 24, hub: Options with { Log = null }))
            .Append(ml.HfTrainer.SequenceClassification(Classifiers.Options(o => o.Hub = new HubOptions { Settings = Settings with { CacheDir = this["unused"] } })));
        Assert.IsEmpty(Hub.For("model.safetensors"));
        // The branch goes on; the model is the tokenizer's all the same.
        Hub.Head = "f" + LocalHub.Commit[1..];
        using var classifier = (IDisposable)pipeline.Fit(ml.Data.LoadFromEnumerable(Review.Some()));
        Assert.HasCount(2, Hub.For("model.safetensors"));
        Assert.IsTrue(File.Exists(Snapshot("model.safetensors")), "in the cache that the tokenizer came to");
        Assert.IsFalse(Directory.Exists(this["unused"]));
        Assert.Contains("Downloaded vocab.txt of 'org/tiny'.", log.Infos);
        Assert.Contains("Downloaded model.safetensors of 'org/tiny'.", log.Infos);
        Assert.Contains("Model 'org/tiny'", string.Join('\n', log.Infos));
    }

    [TestMethod]
    public void ATrainerThatNamesTheModelItself()
    {
        using var tiny = new TinyModel();
        Hub.AddFolder(tiny.Folder);
        var ml = new MLContext(seed: 1);
        using var classifier = (IDisposable)Classifiers.Train(ml, tiny, o => (o.Model, o.Hub) = ("org/tiny", Options));
        Assert.Contains("Downloaded model.safetensors of 'org/tiny'.", Lines);
    }

    [TestMethod]
    public void ARunThatIsCancelledEndsTheDownload()
    {
        using var tiny = new TinyModel();
        Hub.AddFolder(tiny.Folder);
        using var source = new CancellationTokenSource();
        var options = Options with { Progress = new Cancel(source) };
        Assert.Throws<OperationCanceledException>(() => Classifiers.Train(new MLContext(seed: 1), tiny, o =>
            (o.Model, o.Hub, o.Arguments.CancellationToken) = ("org/tiny", options, source.Token)));
        Assert.IsFalse(File.Exists(Snapshot("model.safetensors")));
    }

    private sealed class Cancel(CancellationTokenSource source) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => source.Cancel();
    }
}
