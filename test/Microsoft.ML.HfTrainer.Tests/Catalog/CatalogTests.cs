using System.IO.Compression;
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

    // ML.NET itself says no more than that the target of an invocation has thrown an exception.
    [TestMethod]
    [DataRow("config.json", "config.json")]
    [DataRow("tokenizer/vocab.txt", "has no file 'tokenizer/vocab.txt'")]
    [DataRow("model.safetensors", "has 0 bytes")]
    public void APartOfAModelFileThatIsDamagedIsNamed(string part, string fault)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var trained = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 24).Append(_ml.HfTrainer.SequenceClassification(maxEpochs: 1)).Fit(Keyed()))
                _ml.Model.Save(trained, Keyed().Schema, path);
            using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
            {
                var entry = archive.Entries.Last(entry => entry.FullName.Replace('\\', '/').EndsWith("Transform_001/" + part, StringComparison.Ordinal));
                var name = entry.FullName;
                entry.Delete();
                if (part != "tokenizer/vocab.txt")
                    archive.CreateEntry(name);
            }
            var message = Assert.ThrowsExactly<InvalidDataException>(() => _ml.HfTrainer.LoadModel(path, out _)).Message;
            StringAssert.StartsWith(message, path);
            StringAssert.Contains(message, fault);
        }
        finally
        {
            File.Delete(path);
        }
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

    [TestMethod]
    public void NamedEntitiesAreReadAsMicrosoftMLTorchSharpReadsThem()
    {
        // Its labels are keys of the types of entities alone; a word of another label has a missing key. Words are what white space separates, punctuation included.
        var rows = Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? new Tagged { Sentence = "the  film was good,so good !", Label = ["0", "THING", "0", "0", "0", "0"] }
            : new Tagged { Sentence = "we sell bread, book and phone.", Label = ["0", "0", "FOOD", "THING", "0", "THING"] }).ToList();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var types = _ml.Data.LoadFromEnumerable(new[] { new { Key = "THING" }, new { Key = "FOOD" } });
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: types)
            .Append(_ml.MulticlassClassification.Trainers.HfNamedEntityRecognition(
                "Label", "outputColumn", "Sentence", 8, 12, model: _model.Folder, validationSet: data, learningRate: 3e-3))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("outputColumn"));
        var trained = pipeline.Fit(data);
        using var owned = (IDisposable)trained;
        var transformer = trained.SelectMany(step => step as IEnumerable<ITransformer> ?? [step]).OfType<TokenClassificationTransformer>().Single();
        CollectionAssert.AreEqual(new[] { "O", "THING", "FOOD" }, transformer.Model.Config.Labels.ToArray());
        Assert.AreEqual(1, transformer.LogHistory.Last(record => record.ContainsKey("eval_f1"))["eval_f1"], 1e-9);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, data.Schema);
        using var alsoOwned = (IDisposable)loaded;
        foreach (var model in new[] { trained, loaded })
        {
            var found = _ml.Data.CreateEnumerable<Found>(model.Transform(data), reuseRowObject: false).ToList();
            CollectionAssert.AreEqual(new[] { "", "THING", "", "", "", "" }, found[0].outputColumn);
            CollectionAssert.AreEqual(new[] { "", "", "FOOD", "THING", "", "THING" }, found[1].outputColumn);
            CollectionAssert.AreEqual(new[] { "bread,", "book", "phone." }, found[1].EntityStart.Zip(found[1].EntityEnd, (start, end) => rows[1].Sentence[start..end]).ToArray());
        }
        // A word that is neither tagged nor missing has no place in data with a label for each.
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => pipeline.Fit(_ml.Data.LoadFromEnumerable(new[] { new Tagged { Sentence = "good film", Label = ["0"] } })));
        StringAssert.Contains(refused.Message, "Row 1 of the training data has 2 words and 1 labels");
    }

    [TestMethod]
    public void SimilarityIsANumberOfAPair()
    {
        var rows = Enumerable.Range(0, 40).Select(i => new Pair
        {
            Sentence1 = "the film is good",
            Sentence2 = i % 2 == 0 ? "the film is great" : "we sell bread",
            Label = i % 2 == 0 ? 4.5f : 0.5f,
        }).ToList();
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var trained = _ml.Regression.Trainers.HfSentenceSimilarity(
            "Label", "Similarity", batchSize: 8, maxEpochs: 30, model: _model.Folder, validationSet: data, learningRate: 3e-3).Fit(data);
        var metrics = _ml.Regression.Evaluate(trained.Transform(data), scoreColumnName: "Similarity");
        Assert.IsLessThan(0.5, metrics.RootMeanSquaredError);
        Assert.AreEqual(metrics.MeanSquaredError, trained.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_mse"))["eval_mse"], 1e-4);
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.HfSentenceSimilarity("Sentence1", model: _model.Folder).Fit(data));
        StringAssert.Contains(refused.Message, "a Single for a number");
        Assert.DoesNotContain("Key<UInt32>", refused.Message, "which a regression does not take");
    }

    private sealed class Tagged
    {
        public string Sentence { get; set; } = "";

        public string[] Label { get; set; } = [];
    }

    private sealed class Found
    {
        public string[] outputColumn { get; set; } = [];

        public int[] EntityStart { get; set; } = [];

        public int[] EntityEnd { get; set; } = [];
    }

    private sealed class Pair
    {
        public string Sentence1 { get; set; } = "";

        public string Sentence2 { get; set; } = "";

        public float Label { get; set; }
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
