namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class WarmStartTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TrainingGoesOnFromTheFittedModel()
    {
        var data = Tokenized(_model.Folder);
        using var fitted = _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => o.Arguments.MaxSteps = 4)).Fit(data);
        var before = TinyBert.Weights(fitted.Model);
        // Nothing is learned, so that what the second training begins with shows.
        using var same = _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => (o.WarmStart, o.Arguments.MaxSteps, o.Arguments.LearningRate) = (fitted, 1, 0))).Fit(data);
        foreach (var (name, values) in TinyBert.Weights(same.Model))
            CollectionAssert.AreEqual(before[name], values, name);
        using var further = _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => (o.WarmStart, o.Arguments.MaxSteps) = (fitted, 1))).Fit(data);
        Assert.IsFalse(TinyBert.Weights(further.Model)["classifier.weight"].AsSpan().SequenceEqual(before["classifier.weight"]));
        foreach (var (name, values) in TinyBert.Weights(fitted.Model))
            CollectionAssert.AreEqual(before[name], values, name);
    }

    [TestMethod]
    public void AnotherTaskTakesTheEncoder()
    {
        var data = Tokenized(_model.Folder);
        using var adapted = _ml.HfTrainer.MaskedLM(new MaskedLMOptions { Arguments = new() { MaxSteps = 2, LearningRate = 1e-3, UseCpu = true } }).Fit(data);
        using var fitted = _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => (o.WarmStart, o.Arguments.MaxSteps, o.Arguments.LearningRate) = (adapted, 1, 0))).Fit(data);
        var (encoder, found) = (TinyBert.Weights(adapted.Model), TinyBert.Weights(fitted.Model));
        var shared = encoder.Keys.Intersect(found.Keys).Where(name => name.StartsWith("bert.encoder", StringComparison.Ordinal)).ToList();
        Assert.IsNotEmpty(shared);
        foreach (var name in shared)
            CollectionAssert.AreEqual(encoder[name], found[name], name);
    }

    [TestMethod]
    public void ATokenizerOfAnotherModelAndASecondModelAreRefused()
    {
        var data = Tokenized(_model.Folder);
        using var fitted = _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => o.Arguments.MaxSteps = 1)).Fit(data);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => (o.WarmStart, o.Model) = (fitted, _model.Folder))).Fit(data)).Message, "WarmStart and Model");
        using var other = new TinyModel();
        other.Edit("vocab.txt", "[unused", "[spare");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.SequenceClassification(Classifiers.Options(o => o.WarmStart = fitted)).Fit(Tokenized(other.Folder))).Message, other.Name);
    }

    private IDataView Tokenized(string folder)
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeHf(model: folder)).Fit(data).Transform(data);
    }
}
