using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class TokenClassificationTests
{
    private static readonly string[] _things = ["film", "book", "meal", "room", "shop", "phone"], _others = ["good", "bad", "the", "is", "very", "love"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void LongTextsAreTaggedByWindows()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(60));
        var trained = Words(epochs: 12).Fit(data);
        using var owned = (IDisposable)trained;
        var right = 0;
        foreach (var (text, found) in Sentence.Some(60).Zip(Read(trained, data)))
        {
            Assert.HasCount(text.Words.Length, found.PredictedLabel, "one tag for each word, however long the text");
            Assert.HasCount(text.Words.Length, found.Score);
            right += text.Label.Zip(found.PredictedLabel).Count(pair => pair.First == pair.Second);
        }
        Assert.IsGreaterThan(60, Sentence.Some(60).Max(text => text.Words.Length), "texts beyond the 48 positions of the model");
        Assert.IsGreaterThan(0.95, right / (double)Sentence.Some(60).Sum(text => text.Words.Length));
    }

    [TestMethod]
    public void ATextOfOneWindowHasTheScoresOfTheModel()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(8));
        var trained = Words(epochs: 1).Fit(data);
        using var owned = (IDisposable)trained;
        var tagger = ((IEnumerable<ITransformer>)trained).OfType<TokenClassificationTransformer>().Single();
        var text = Sentence.Some(1)[0];
        var ids = tagger.Tokenizer.EncodeWords(text.Words).Ids;
        using var batch = new Batch
        {
            ["input_ids"] = TorchSharp.torch.tensor(ids, TorchSharp.torch.ScalarType.Int64).unsqueeze(0),
            ["attention_mask"] = TorchSharp.torch.ones(1, ids.Length, TorchSharp.torch.ScalarType.Int64),
        };
        using var noGradient = TorchSharp.torch.no_grad();
        var expected = TorchSharp.torch.nn.functional.softmax(tagger.Model.call(batch).Logits, -1).max(-1).values.data<float>().ToArray();
        var found = Read(trained, _ml.Data.LoadFromEnumerable([text])).Single().Score;
        for (var i = 0; i < found.Length; i++)
            Assert.AreEqual(expected[1 + i], found[i], 1e-5, "the first token is a special one");
    }

    [TestMethod]
    public void ItKeepsTheRulesOfEstimatorsAndPredictsRowsAsBatches()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(10));
        var prepared = Preparation("Words").Fit(data).Transform(data);
        EstimatorContract.Check(_ml, _ml.HfTrainer.TokenClassification(Options(1)), prepared, data);

        var trained = Words(epochs: 1).Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<Sentence, Tagged>(trained);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, data.Schema);
        using var owned = (IDisposable)loaded;
        foreach (var (text, batched) in Sentence.Some(10).Zip(Read(loaded, data)))
        {
            var single = engine.Predict(text);
            CollectionAssert.AreEqual(batched.PredictedLabel, single.PredictedLabel);
            CollectionAssert.AreEqual(batched.EntityStart, single.EntityStart);
            for (var i = 0; i < single.Score.Length; i++)
                Assert.AreEqual(batched.Score[i], single.Score[i], 1e-5);
        }
    }

    [TestMethod]
    public void EntitiesOfPlainTextsAreFoundWithTheirPlace()
    {
        var texts = Passage.Some(60);
        var data = _ml.Data.LoadFromEnumerable(texts);
        var options = Options(20);
        (options.EntityStartColumnName, options.EntityEndColumnName, options.ValidationSet) = ("Starts", "Ends", data);
        (options.Arguments.EvalStrategy, options.Arguments.LearningRate) = (IntervalStrategy.Epoch, 3e-3);
        var tagger = _ml.HfTrainer.TokenClassification(options);
        var trained = Preparation("Text").Append(tagger).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        using var owned = (IDisposable)trained;
        var transformer = ((IEnumerable<ITransformer>)trained).OfType<TokenClassificationTransformer>().Single();
        CollectionAssert.AreEqual(new[] { "O", "B-thing", "I-thing" }, transformer.Model.Config.Labels.ToArray());
        Assert.IsGreaterThan(0.95, transformer.LogHistory.Last(record => record.ContainsKey("eval_f1"))["eval_f1"], "seqeval of a raw validation set");
        var found = _ml.Data.CreateEnumerable<Entities>(trained.Transform(data), reuseRowObject: false).ToList();
        var right = texts.Zip(found).Count(pair =>
            pair.First.Starts.SequenceEqual(pair.Second.EntityStart) && pair.First.Ends.SequenceEqual(pair.Second.EntityEnd) && pair.Second.EntityLabel.All(label => label == "thing"));
        Assert.IsGreaterThan(54, right, "of 60 texts");
    }

    [TestMethod]
    public void WordsNeedALabelEach()
    {
        var wrong = Sentence.Some(3);
        wrong[1].Label = wrong[1].Label[1..];
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Words(epochs: 1).Fit(_ml.Data.LoadFromEnumerable(wrong)));
        Assert.Contains($"Row 2 of the training data has {wrong[1].Words.Length} words and {wrong[1].Label.Length} labels", refused.Message);
    }

    [TestMethod]
    public void AnUnknownTagOfAValidationSetNamesItsRow()
    {
        var other = Sentence.Some(3);
        other[2].Label[1] = "unheard";
        var options = Options(1);
        options.ValidationSet = _ml.Data.LoadFromEnumerable(other);
        var refused = Assert.ThrowsExactly<InvalidDataException>(
            () => Preparation("Words").Append(_ml.HfTrainer.TokenClassification(options)).Fit(_ml.Data.LoadFromEnumerable(Sentence.Some(3))));
        Assert.Contains("Row 3 of the validation set has 'unheard' as label 2 in 'Label', which is none of the 2 classes", refused.Message);
    }

    [TestMethod]
    public void PlainTextsNeedSpans()
    {
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Preparation("Text").Append(_ml.HfTrainer.TokenClassification(Options(1))).Fit(_ml.Data.LoadFromEnumerable(Passage.Some(3))));
        Assert.Contains("EntityStartColumnName", refused.Message);
    }

    [TestMethod]
    public void FilesOfTheFirstVersionAreRead()
    {
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(8));
        var trained = Words(epochs: 1).Fit(data);
        using var owned = (IDisposable)trained;
        var steps = ((IEnumerable<ITransformer>)trained).ToList();
        var tokens = steps[0].Transform(data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, new FirstVersion(_ml, (TokenClassificationTransformer)steps[1]), data.Schema, new MLContext());
        using var first = (IDisposable)loaded;
        var (before, after) = (Read(steps[2], steps[1].Transform(tokens)), _ml.Data.CreateEnumerable<Tagged>(steps[2].Transform(loaded.Transform(tokens)), reuseRowObject: false).ToList());
        foreach (var (one, other) in before.Zip(after))
        {
            CollectionAssert.AreEqual(one.PredictedLabel, other.PredictedLabel);
            CollectionAssert.AreEqual(one.EntityStart, other.EntityStart);
        }
    }

    [TestMethod]
    public void AMissingLabelIsOutsideIfAskedFor()
    {
        var rows = Sentence.Some(40);
        var expected = rows.ConvertAll(row => row.Label);
        // Without keyData, an empty text has a missing key.
        rows.ForEach(row => row.Label = Array.ConvertAll(row.Label, label => label == "O" ? "" : "thing"));
        var data = _ml.Data.LoadFromEnumerable(rows);
        var options = Options(12);
        options.MissingLabelIsOutside = true;
        var trained = Preparation("Words").Append(_ml.HfTrainer.TokenClassification(options)).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        using var owned = (IDisposable)trained;
        var right = expected.Zip(Read(trained, data)).Sum(pair => pair.First.Zip(pair.Second.PredictedLabel).Count(word => (word.First == "O") == (word.Second == "")));
        Assert.IsGreaterThan(0.95, right / (double)expected.Sum(labels => labels.Length));

        var unknown = Sentence.Some(3);
        unknown.ForEach(row => row.Label = Array.ConvertAll(row.Label, label => label == "O" ? "" : "thing"));
        unknown[2].Label[1] = "place";
        options.Arguments.EvalStrategy = IntervalStrategy.Epoch;
        foreach (var validation in new[] { _ml.Data.LoadFromEnumerable(unknown), _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(unknown)).Transform(_ml.Data.LoadFromEnumerable(unknown)) })
        {
            options.ValidationSet = validation;
            Assert.Contains(
                "Row 3 of the validation set has 'place' as label 2 in 'Label', which is none of the 1 classes of the training data",
                Assert.ThrowsExactly<InvalidDataException>(() => Preparation("Words").Append(_ml.HfTrainer.TokenClassification(options)).Fit(data)).Message);
        }
        Assert.ThrowsExactly<ArgumentException>(() => _ml.HfTrainer.TokenClassification(new TokenClassificationOptions { MissingLabelIsOutside = true, EntityStartColumnName = "S", EntityEndColumnName = "E" }));
    }

    [TestMethod]
    public void PiecesOfTextsAreRefused()
    {
        var pieces = TokenizeHfOptions.ForTokenClassification("Words", _model.Folder);
        (pieces.Truncation, pieces.MaxLength, pieces.ReturnOverflowingTokens) = (TruncationStrategy.LongestFirst, 16, true);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeHf(pieces)).Append(_ml.HfTrainer.TokenClassification(Options(1)));
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(_ml.Data.LoadFromEnumerable(Sentence.Some(3))));
        Assert.Contains("a row for each piece of a long text (ReturnOverflowingTokens)", refused.Message);
        Assert.Contains("TokenizeHfOptions.ForTokenClassification", refused.Message);
    }

    [TestMethod]
    public void TheColumnsOnRequestAreAskedForByName()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeHf("Words", model: _model.Folder))
            .Append(_ml.HfTrainer.TokenClassification(Options(1)));
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(_ml.Data.LoadFromEnumerable(Sentence.Some(3))));
        Assert.Contains("ReturnOffsets", refused.Message);
    }

    private static TokenClassificationOptions Options(int epochs) => new()
    {
        Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 8, LearningRate = 2e-3 },
        Stride = 4,
    };

    private IEstimator<ITransformer> Words(int epochs) => Preparation("Words").Append(_ml.HfTrainer.TokenClassification(Options(epochs)))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private IEstimator<ITransformer> Preparation(string column) => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForTokenClassification(column, _model.Folder)));

    private List<Tagged> Read(ITransformer model, IDataView data) => [.. _ml.Data.CreateEnumerable<Tagged>(model.Transform(data), reuseRowObject: false)];

    private sealed class Sentence
    {
        public string[] Words { get; set; } = [];

        public string[] Label { get; set; } = [];

        public static List<Sentence> Some(int count)
        {
            var random = new Random(3);
            return [.. Enumerable.Range(0, count).Select(i =>
            {
                string[] words = ["film", .. Enumerable.Range(0, 3 + (i * 7 % 67)).Select(_ => random.Next(2) == 0 ? _things[random.Next(6)] : _others[random.Next(6)])];
                return new Sentence { Words = words, Label = Array.ConvertAll(words, word => _things.Contains(word) ? "B-thing" : "O") };
            })];
        }
    }

    // Writes what the first version wrote: the model, the tags, five names and five numbers.
    private sealed class FirstVersion(MLContext ml, TokenClassificationTransformer tagger) : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx)
        {
            var archive = MlHost.For(ml, "Test").Write(ctx, new ArchiveFormat("HFTOKCLS", "HfTokenClassify", 1));
            new TrainedModel(tagger.Model, tagger.Tokenizer, [], 32).Write(archive);
            KeyLabel.OfTexts([.. tagger.Model.Config.Labels]).Write(archive);
            foreach (var text in new[] { "", "Words", "PredictedLabel", "Score", "Entity" })
                archive.Write(text);
            foreach (var number in new[] { 1, (int)WordLabels.FirstToken, 48, 4, (int)AggregationStrategy.First })
                archive.Write(number);
        }
    }

    private sealed class Tagged
    {
        public string[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];

        public int[] EntityStart { get; set; } = [];
    }

    private sealed class Passage
    {
        public string Text { get; set; } = "";

        public string[] Label { get; set; } = [];

        public int[] Starts { get; set; } = [];

        public int[] Ends { get; set; } = [];

        // "the fast phone is good": an entity is a thing, with the word before it.
        public static List<Passage> Some(int count)
        {
            var random = new Random(5);
            return [.. Enumerable.Range(0, count).Select(_ =>
            {
                var (text, starts, ends) = ("", new List<int>(), new List<int>());
                for (var i = 0; i < 6; i++)
                {
                    text += i == 0 ? "" : " ";
                    if (i % 2 == 1)
                    {
                        starts.Add(text.Length);
                        text += "fast " + _things[random.Next(6)];
                        ends.Add(text.Length);
                    }
                    else
                    {
                        text += _others[random.Next(6)];
                    }
                }
                return new Passage { Text = text, Label = [.. starts.Select(_ => "thing")], Starts = [.. starts], Ends = [.. ends] };
            })];
        }
    }

    private sealed class Entities
    {
        public string[] EntityLabel { get; set; } = [];

        public int[] EntityStart { get; set; } = [];

        public int[] EntityEnd { get; set; } = [];
    }
}
