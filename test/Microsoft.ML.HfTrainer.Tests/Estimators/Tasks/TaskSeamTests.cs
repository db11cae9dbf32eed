using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tasks;

/// <summary>Two tasks of other shapes than classification, which know nothing of cursors, batches and files.</summary>
[TestClass]
public sealed class TaskSeamTests
{
    private static readonly string[] _things = ["film", "book", "meal", "room", "shop", "phone"], _others = ["good", "bad", "the", "is", "very", "love"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestInitialize]
    public void Register() => _ml.ComponentCatalog.RegisterAssembly(typeof(TaggingTransformer).Assembly);

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void LongTextsAreTaggedByWindows()
    {
        var data = _ml.Data.LoadFromEnumerable(Texts(60));
        var trained = Tagger(epochs: 12).Fit(data);
        using var owned = (IDisposable)trained;
        var tagged = Tags(trained, data);
        var right = 0;
        foreach (var (text, found) in Texts(60).Zip(tagged))
        {
            Assert.HasCount(text.Words.Length, found.PredictedTags, "one tag a word, however long the text");
            Assert.HasCount(2 * text.Words.Length, found.Scores);
            right += text.Tags.Zip(found.PredictedTags).Count(pair => pair.First == pair.Second);
        }
        Assert.IsGreaterThan(60, Texts(60).Max(text => text.Words.Length), "texts beyond the 48 positions of the model");
        Assert.IsGreaterThan(0.95, right / (double)Texts(60).Sum(text => text.Words.Length));
    }

    [TestMethod]
    public void ATextOfOneWindowHasTheScoresOfTheModel()
    {
        var data = _ml.Data.LoadFromEnumerable(Texts(8));
        var trained = Tagger(epochs: 1).Fit(data);
        using var owned = (IDisposable)trained;
        var tagger = ((IEnumerable<ITransformer>)trained).OfType<TaggingTransformer>().Single();
        var text = Texts(1)[0];
        var ids = tagger.Tokenizer.EncodeWords(text.Words).Ids;
        using var batch = new Batch
        {
            ["input_ids"] = TorchSharp.torch.tensor(ids, TorchSharp.torch.ScalarType.Int64).unsqueeze(0),
            ["attention_mask"] = TorchSharp.torch.ones(1, ids.Length, TorchSharp.torch.ScalarType.Int64),
        };
        using var noGradient = TorchSharp.torch.no_grad();
        var expected = TorchSharp.torch.nn.functional.softmax(tagger.Model.call(batch).Logits, -1).data<float>().ToArray();
        var found = Tags(trained, _ml.Data.LoadFromEnumerable([text])).Single().Scores;
        for (var i = 0; i < found.Length; i++)
            Assert.AreEqual(expected[2 + i], found[i], 1e-5, "the first token is a special one");
    }

    [TestMethod]
    public void TaggingKeepsTheRulesOfEstimatorsAndPredictsRowsAsBatches()
    {
        var data = _ml.Data.LoadFromEnumerable(Texts(10));
        var prepared = Preparation().Fit(data).Transform(data);
        EstimatorContract.Check(_ml, new TaggingEstimator(_ml, new() { Arguments = Short() }), prepared, data);

        var trained = Tagger(epochs: 1).Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<Text, Tagged>(trained);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, data.Schema);
        using var owned = (IDisposable)loaded;
        foreach (var (text, batched) in Texts(10).Zip(Tags(loaded, data)))
        {
            var single = engine.Predict(text);
            CollectionAssert.AreEqual(batched.PredictedTags, Names(single.PredictedTags));
            for (var i = 0; i < single.Scores.Length; i++)
                Assert.AreEqual(batched.Scores[i], single.Scores[i], 1e-5);
        }
    }

    [TestMethod]
    public void TwoTokenSetsWithoutALabel()
    {
        var data = _ml.Data.LoadFromEnumerable(Question.Some());
        var tokens = Set("Asked").Append(Set("Context"));
        var prepared = tokens.Fit(data).Transform(data);
        EstimatorContract.Check(_ml, new DomainAdaptationEstimator(_ml, new() { Arguments = Short() }), prepared, data);

        var (before, after) = (Surprise(0), Surprise(30));
        Assert.IsLessThan(before - 0.5, after, "texts of the domain surprise less");
        float Surprise(int epochs)
        {
            var options = new DomainAdaptationOptions { Arguments = Short(), ValidationSet = data };
            (options.Arguments.NumTrainEpochs, options.Arguments.LearningRate, options.Arguments.EvalStrategy) = (Math.Max(epochs, 1), epochs == 0 ? 0 : 5e-3, IntervalStrategy.Epoch);
            using var adapted = new DomainAdaptationEstimator(_ml, options).Fit(prepared);
            Assert.HasCount(Math.Max(epochs, 1), adapted.LogHistory.Where(record => record.ContainsKey("eval_loss")), "raw validation data is tokenized for both sets");
            return adapted.Transform(prepared).GetColumn<float>("Surprise").Average();
        }
    }

    private IEstimator<ITransformer> Tagger(int epochs)
    {
        var options = new TaggingOptions { Arguments = Short() };
        (options.Arguments.NumTrainEpochs, options.Arguments.LearningRate) = (epochs, 2e-3);
        return Preparation().Append(new TaggingEstimator(_ml, options)).Append(_ml.Transforms.Conversion.MapKeyToValue("Known", "Tags"));
    }

    private IEstimator<ITransformer> Preparation() => _ml.Transforms.Conversion.MapValueToKey("Tags").Append(_ml.Transforms.Text.TokenizeHf(new()
    {
        TextColumnName = "Words", Model = _model.Folder, Truncation = TruncationStrategy.DoNotTruncate, ReturnWordIds = true, ReturnSequenceIds = true,
    }));

    private IEstimator<ITransformer> Set(string column) =>
        _ml.Transforms.Text.TokenizeHf(new() { TextColumnName = column, Model = _model.Folder, OutputColumnPrefix = column });

    private static TrainingArguments Short() => new() { NumTrainEpochs = 1, PerDeviceTrainBatchSize = 8 };

    // The keys of tags are in the order in which they are first seen: the first word of all is a thing.
    private static string[] Names(uint[] keys) => Array.ConvertAll(keys, key => key == 1 ? "thing" : "other");

    private List<(string[] PredictedTags, float[] Scores)> Tags(ITransformer model, IDataView data) =>
        [.. _ml.Data.CreateEnumerable<Tagged>(model.Transform(data), reuseRowObject: false)
            .Select(row => (Names(row.PredictedTags), row.Scores))];

    private static List<Text> Texts(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            string[] words = ["film", .. Enumerable.Range(0, 3 + (i * 7 % 67)).Select(_ => random.Next(2) == 0 ? _things[random.Next(6)] : _others[random.Next(6)])];
            return new Text { Words = words, Tags = Array.ConvertAll(words, word => _things.Contains(word) ? "thing" : "other") };
        })];
    }

    private sealed class Text
    {
        public string[] Words { get; set; } = [];

        public string[] Tags { get; set; } = [];
    }

    private sealed class Tagged
    {
        [KeyType(2)]
        public uint[] PredictedTags { get; set; } = [];

        public float[] Scores { get; set; } = [];
    }
}
