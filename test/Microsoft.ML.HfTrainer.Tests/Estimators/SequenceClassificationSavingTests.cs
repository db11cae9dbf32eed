using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationSavingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hftrainer-{Guid.NewGuid():N}.zip");

    [TestCleanup]
    public void CleanUp() => File.Delete(_file);

    [TestMethod]
    public void AModelIsLoadedWhereNothingIsLeftOfItsTraining()
    {
        var expected = Save();
        var elsewhere = new MLContext();
        using var loaded = (IDisposable)elsewhere.Model.Load(_file, out var schema);

        Assert.AreEqual("Text", schema[0].Name);
        foreach (var (before, after) in expected.Zip(((ITransformer)loaded).Predict(elsewhere, Review.Some())))
        {
            Assert.AreEqual(before.PredictedLabel, after.PredictedLabel);
            CollectionAssert.AreEqual(before.Score, after.Score);
        }
        var classifier = ((ITransformer)loaded).Classifier();
        Assert.IsNull(classifier.Tokenizer.Folder);
        Assert.IsNull(classifier.TrainOutput);
        Assert.IsEmpty(classifier.LogHistory);
    }

    [TestMethod]
    public void TheFileHoldsTheModelsFilesAsTheyAre()
    {
        Save();
        using var zip = ZipFile.OpenRead(_file);
        var names = zip.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToList();
        foreach (var name in new[] { "config.json", "model.safetensors", "training_args.json", "tokenizer/vocab.txt" })
            Assert.Contains("TransformerChain/Transform_002/" + name, names);
    }

    [TestMethod]
    public void ALoadedModelIsWrittenAsAFolderAndTrainedOn()
    {
        Save();
        using var folder = new TemporaryFolder();
        using (var loaded = (IDisposable)new MLContext().Model.Load(_file, out _))
            ((ITransformer)loaded).Classifier().SavePretrained(folder.Path);

        using var model = AutoModelForSequenceClassification.FromPretrained(folder.Path);
        CollectionAssert.AreEqual(new[] { "positive", "negative" }, model.Config.Labels.ToList());
        Assert.IsEmpty(model.LoadReport.ToString());
        using var again = (IDisposable)_ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.TokenizeHf("Text", model: folder.Path, maxLength: 24))
            .Append(_ml.HfTrainer.SequenceClassification(Classifiers.Options()))
            .Fit(_ml.Data.LoadFromEnumerable(Review.Some()));
    }

    [TestMethod]
    public void TokensOfASavedPipelineNeedAModelToBeNamed()
    {
        Save();
        // Though the tokenizer of its training may be alive in this process, with its folder.
        using var loaded = (IDisposable)_ml.Model.Load(_file, out _);
        var data = ((ITransformer)loaded).Score(_ml.Data.LoadFromEnumerable(Review.Some()));
        var refusal = Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.SequenceClassification(Classifiers.Options()).Fit(data));
        StringAssert.Contains(refusal.Message, "Model is not set");
    }

    [TestMethod]
    [DataRow("HFSEQCLS", "HfSequenceClassify")]
    [DataRow("HFTOKNZR", "HfTokenize")]
    public void ANewerFormatIsRefused(string signature, string part)
    {
        Save();
        var changed = ChangeEntries(bytes =>
        {
            // The version that wrote an entry and the one that can read it follow the signature at byte 64.
            if (bytes.Length < 80 || System.Text.Encoding.ASCII.GetString(bytes, 64, 8) != signature)
                return false;
            (bytes[72], bytes[76]) = (9, 9);
            return true;
        });
        Assert.AreEqual(1, changed);
        var refusal = Innermost(() => _ml.Model.Load(_file, out _));
        Assert.IsInstanceOfType<FormatException>(refusal);
        StringAssert.Contains(refusal.Message, $"'{part}' has the format version 9, and this version of the library reads versions up to");
        StringAssert.Contains(refusal.Message, "newer version of Microsoft.ML.HfTrainer");
    }

    [TestMethod]
    [DataRow(1, 32)]
    [DataRow(2, 8)]
    public void FilesOfEarlierVersionsAreRead(int version, int batchSize)
    {
        using var folder = new TinyModel();
        var trained = Classifiers.Train(_ml, folder);
        using var owned = (IDisposable)trained;
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, new EarlierVersion(_ml, trained.Classifier(), version), data.Schema, new MLContext());
        using var first = (IDisposable)loaded;
        Assert.AreEqual(batchSize, ((IModelRunner)loaded).BatchSize, "of the first version what it was, though the file holds a smaller one");
        var tokens = ((IEnumerable<ITransformer>)trained).Take(2).Aggregate(data, (view, transformer) => transformer.Transform(view));
        var scores = loaded.Transform(tokens).Schema["Score"];
        using var cursor = loaded.Transform(tokens).GetRowCursor([scores]);
        var read = RowComparer.Reader(cursor, scores);
        foreach (var verdict in trained.Predict(_ml, Review.Some()))
        {
            Assert.IsTrue(cursor.MoveNext());
            CollectionAssert.AreEqual(verdict.Score, ((object[])read()).Cast<float>().ToArray());
        }
    }

    [TestMethod]
    public void DamagedWeightsAreRefused()
    {
        Save();
        // A safetensors file begins with the length of its header.
        Assert.AreEqual(1, ChangeEntries(bytes =>
        {
            if (bytes.Length < 16 || bytes[8] != '{' || !System.Text.Encoding.ASCII.GetString(bytes, 0, 200).Contains("__metadata__"))
                return false;
            bytes[3] = 0x70;
            return true;
        }));
        var refusal = Innermost(() => _ml.Model.Load(_file, out _));
        Assert.IsInstanceOfType<InvalidDataException>(refusal);
    }

    private List<Verdict> Save()
    {
        using var folder = new TinyModel();
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        using var trained = (IDisposable)Classifiers.Train(_ml, folder);
        _ml.Model.Save((ITransformer)trained, data.Schema, _file);
        return ((ITransformer)trained).Predict(_ml, Review.Some());
    }

    private int ChangeEntries(Func<byte[], bool> change)
    {
        var changed = 0;
        using var zip = ZipFile.Open(_file, ZipArchiveMode.Update);
        foreach (var entry in zip.Entries)
        {
            var bytes = new byte[entry.Length];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            if (!change(bytes))
                continue;
            changed++;
            stream.Position = 0;
            stream.Write(bytes);
        }
        return changed;
    }

    private static Exception Innermost(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            return failure.GetBaseException();
        }
        throw new AssertFailedException("nothing was thrown");
    }

    // Writes what the first version wrote: the model, two column names and the classes; the second one has the prefix of the token columns as well.
    private sealed class EarlierVersion(MLContext ml, SequenceClassificationTransformer classifier, int version) : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx)
        {
            var archive = MlHost.For(ml, "Test").Write(ctx, new ArchiveFormat("HFSEQCLS", "HfSequenceClassify", version));
            new TrainedModel(classifier.Model, classifier.Tokenizer, [], 8).Write(archive);
            if (version == 2)
                archive.Write("");
            archive.Write("PredictedLabel");
            archive.Write("Score");
            new KeyLabel(2, null).Write(archive);
        }
    }
}
