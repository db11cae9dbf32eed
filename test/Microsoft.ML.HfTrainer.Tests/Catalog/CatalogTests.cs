using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Catalog;

[TestClass]
public sealed class CatalogTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void ThePropertyAndTheMethodAreTheSameTrainers()
    {
        var pipeline = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24)
            .Append(_ml.HfTrainer.SequenceClassification(maxEpochs: 1, batchSize: 4));
        var older = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24)
            .Append(HfTrainerCatalog.Of(_ml).SequenceClassification(maxEpochs: 1, batchSize: 4));
        using var first = pipeline.Fit(Keyed());
        using var second = older.Fit(Keyed());
        AssertSameWeights(first.LastTransformer, second.LastTransformer);
    }

    [TestMethod]
    public void AModelFileThatIsDamagedIsNamed()
    {
        var path = Path.GetTempFileName();
        try
        {
            _ml.Model.Save(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(Keyed()), Keyed().Schema, path);
            var whole = File.ReadAllBytes(path);
            Assert.IsNotNull(_ml.HfTrainer.LoadModel(path, out var schema));
            Assert.IsNotNull(schema);
            foreach (var length in new[] { whole.Length / 2, whole.Length - 1, 1, 0 })
            {
                File.WriteAllBytes(path, whole[..length]);
                var message = Assert.ThrowsExactly<InvalidDataException>(() => _ml.HfTrainer.LoadModel(path, out _)).Message;
                StringAssert.StartsWith(message, path);
                StringAssert.Contains(message, string.Create(System.Globalization.CultureInfo.CurrentCulture, $"of {length:N0} bytes"));
            }
        }
        finally
        {
            File.Delete(path);
        }
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.HfTrainer.LoadModel(path, out _));
    }

    [TestMethod]
    public void OneCallTokenisesAndTrains()
    {
        var renamed = _ml.Transforms.CopyColumns("Sentence1", "Text").Fit(Keyed()).Transform(Keyed());
        var trainer = _ml.MulticlassClassification.Trainers.HfTextClassification(
            "Label", "Probability", "Verdict", batchSize: 4, maxEpochs: 1, model: _model.Folder, validationSet: renamed, maxLength: 24);
        using var one = trainer.Fit(renamed);
        var steps = _ml.Transforms.Text.TokenizeHf("Sentence1", model: _model.Folder, maxLength: 24)
            .Append(_ml.HfTrainer.SequenceClassification(batchSize: 4, maxEpochs: 1));
        using var two = steps.Fit(renamed);

        AssertSameWeights(two.LastTransformer, one.LastTransformer);
        Assert.HasCount(1, one.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_accuracy")));
        var schema = one.GetOutputSchema(renamed.Schema);
        Assert.IsNotNull(schema.GetColumnOrNull("Probability"));
        Assert.IsNotNull(schema.GetColumnOrNull("Verdict"));
        // The call may also stand inside a pipeline, as TextClassification does.
        using var chain = (IDisposable)_ml.Transforms.CopyColumns("Sentence1", "Text")
            .Append(_ml.MulticlassClassification.Trainers.HfTextClassification(model: _model.Folder, maxEpochs: 1, maxLength: 24))
            .Fit(Keyed());
    }

    [TestMethod]
    public void PairsAreTokenisedAsPairs()
    {
        var rows = Review.Some().Select(row => new { Sentence1 = row.Text, Sentence2 = "the " + row.Text, row.Label });
        var data = _ml.Data.LoadFromEnumerable(rows);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(
            _ml.MulticlassClassification.Trainers.HfTextClassification(
                sentence2ColumnName: "Sentence2", model: _model.Folder, maxEpochs: 1, validationSet: data));
        using var trained = pipeline.Fit(data);
        Assert.HasCount(1, trained.LastTransformer.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_loss")));
        var types = trained.Transform(data).Schema["TokenTypeIds"];
        using var cursor = trained.Transform(data).GetRowCursor([types]);
        var read = RowComparer.Reader(cursor, types);
        Assert.IsTrue(cursor.MoveNext());
        Assert.Contains(1L, (object[])read());
    }

    private IDataView Keyed()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static void AssertSameWeights(SequenceClassificationTransformer expected, SequenceClassificationTransformer found)
    {
        foreach (var (e, f) in expected.Model.named_parameters().Zip(found.Model.named_parameters()))
            CollectionAssert.AreEqual(e.parameter.data<float>().ToArray(), f.parameter.data<float>().ToArray(), e.name);
    }
}
