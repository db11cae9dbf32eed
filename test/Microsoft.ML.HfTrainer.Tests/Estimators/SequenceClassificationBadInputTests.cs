using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationBadInputTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void ALabelColumnThatIsNotThere() => AssertRefused<ArgumentOutOfRangeException>(
        Tokenized(Review.Some()), ["'Sentiment'", "Text, Label, Weight"], o => o.LabelColumnName = "Sentiment");

    [TestMethod]
    public void ALabelThatIsNoKey() => AssertRefused<ArgumentOutOfRangeException>(
        Tokens(_ml.Data.LoadFromEnumerable(Review.Some())), ["'Label'", "is String", "Key<UInt32>", "MapValueToKey(\"Label\")"]);

    [TestMethod]
    public void AMissingLabelNamesItsRow()
    {
        var rows = Review.Some();
        rows[5].Label = "";
        AssertRefused<InvalidDataException>(Tokenized(rows), ["Row 6 of the training data", "'Label'", "missing", "2 classes"]);
    }

    [TestMethod]
    public void AWeightThatIsNoWeight()
    {
        var rows = Review.Some();
        rows[3].Weight = -1;
        AssertRefused<InvalidDataException>(Tokenized(rows), ["Row 4 of the training data", "weight -1", "'Weight'"], o => o.ExampleWeightColumnName = "Weight");
        AssertRefused<ArgumentOutOfRangeException>(Tokenized(rows), ["'Text'", "is String", "Single"], o => o.ExampleWeightColumnName = "Text");
        AssertRefused<ArgumentOutOfRangeException>(Tokenized(rows), ["'Value'", "Text, Label, Weight"], o => o.ExampleWeightColumnName = "Value");
        AssertRefused<ArgumentException>(Tokenized(rows), ["'neutral'", "positive, negative"], o => o.ClassWeights = new Dictionary<string, float> { ["neutral"] = 2 });
        AssertRefused<ArgumentException>(Tokenized(rows), ["'positive'", "NaN"], o => o.ClassWeights = new Dictionary<string, float> { ["positive"] = float.NaN });
    }

    [TestMethod]
    public void ALabelWithOneClass() => AssertRefused<ArgumentException>(
        Tokenized([.. Review.Some().Where(row => row.Label == "positive")]), ["'Label'", "1 class ", "at least 2"]);

    [TestMethod]
    public void NoTokens()
    {
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        AssertRefused<ArgumentOutOfRangeException>(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data), ["'InputIds'", "TokenizeHf"]);
    }

    [TestMethod]
    public void TokensOfUnknownOrigin()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new ForeignTokens { Label = (uint)(1 + i % 2) }));
        AssertRefused<ArgumentOutOfRangeException>(data, ["'InputIds'", "which tokenizer", "TokenizeHf"]);
    }

    [TestMethod]
    public void NoRows()
    {
        var data = Tokenized(Review.Some());
        AssertRefused<ArgumentException>(_ml.Data.SkipRows(data, 100), ["no rows in the training data"]);
        AssertRefused<ArgumentException>(data, ["no rows in the validation set"], o => o.ValidationSet = _ml.Data.SkipRows(data, 100));
    }

    [TestMethod]
    public void AModelThatIsNoFolder()
    {
        AssertRefused<HubException>(Tokenized(Review.Some()), ["'some/model'", "hub"], o => o.Model = "some/model");
        AssertRefused<DirectoryNotFoundException>(Tokenized(Review.Some()), ["'./some/model'", "hub"], o => o.Model = "./some/model");
    }

    [TestMethod]
    public void ATokenizerOfALargerVocabulary()
    {
        File.AppendAllLines(_model["vocab.txt"], ["more", "words"]);
        using var other = new TinyModel();
        AssertRefused<ArgumentException>(Tokenized(Review.Some()), [$"'{_model.Name}'", $"'{other.Name}'", "122 tokens", "120"], o => o.Model = other.Folder);
    }

    [TestMethod]
    public void ATokenizerOfAnotherPadding()
    {
        using var other = new TinyModel().Edit("config.json", "\"pad_token_id\": 0", "\"pad_token_id\": 3");
        AssertRefused<ArgumentException>(Tokenized(Review.Some()), [$"'{_model.Name}'", $"'{other.Name}'", "the id 0", "takes 3"], o => o.Model = other.Folder);
    }

    [TestMethod]
    public void ATextThatTheModelHasNoPositionsFor()
    {
        var rows = Review.Some();
        rows[2].Text = string.Join(' ', Enumerable.Repeat("film", 60));
        AssertRefused<InvalidDataException>(Tokenized(rows, maxLength: 60), ["Row 3 of the training data", "60 tokens", "positions for 48", "maxLength 60"]);
    }

    [TestMethod]
    public void AValidationSetThatCannotBeRead()
    {
        var data = Tokenized(Review.Some());
        void Refused(IDataView validation, params string[] parts) => AssertRefused<ArgumentException>(data, parts, o => o.ValidationSet = validation);

        Refused(_ml.Data.LoadFromEnumerable([new { Body = "good", Label = "positive" }]), "validation set", "'Text'", "Body, Label");
        Refused(_ml.Data.LoadFromEnumerable([new { Text = "good", Verdict = "positive" }]), "validation set", "'Label'", "Text, Verdict");
        Refused(_ml.Data.LoadFromEnumerable([new { Text = "good", Label = 1f }]), "'Label'", "Single", "String");
        File.AppendAllText(_model["tokenizer_config.json"], " ");
        Refused(Tokenized(Review.Some()), "validation set", "tokenized with", "same TokenizeHf");
        AssertRefused<InvalidDataException>(data, ["Row 2 of the validation set", "'Label'", "none of the 2 classes"], o => o.ValidationSet =
            _ml.Data.LoadFromEnumerable([new { Text = "good", Label = "positive" }, new { Text = "so", Label = "mixed" }]));
    }

    [TestMethod]
    public void EvaluationsWithoutAValidationSet() => AssertRefused<ArgumentException>(
        Tokenized(Review.Some()), ["EvalStrategy", "ValidationSet"], o => o.Arguments.EvalStrategy = IntervalStrategy.Epoch);

    [TestMethod]
    public void SettingsThatAreWrong() => AssertRefused<ArgumentException>(
        Tokenized(Review.Some()), ["PerDeviceTrainBatchSize", "0"], o => o.Arguments.PerDeviceTrainBatchSize = 0);

    [TestMethod]
    public void AGpuThatIsNotThere()
    {
        // Set after the pipeline was made, as a user may.
        var estimator = _ml.HfTrainer.SequenceClassification(Classifiers.Options());
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (99, false);
        var refusal = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(Tokenized(Review.Some())));
        StringAssert.Contains(refusal.Message, "GpuDeviceId is 99");
        _ml.FallbackToCpu = true;
        estimator.Fit(Tokenized(Review.Some())).Dispose();
    }

    [TestMethod]
    public void TokensOfAnotherTokenizerThanTheModels()
    {
        using var trained = _ml.HfTrainer.SequenceClassification(Classifiers.Options()).Fit(Tokenized(Review.Some()));
        File.AppendAllText(_model["tokenizer_config.json"], " ");
        var refusal = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trained.Transform(Tokenized(Review.Some())));
        StringAssert.Contains(refusal.Message, "token columns come from the tokenizer");
    }

    private void AssertRefused<TException>(IDataView data, string[] parts, Action<SequenceClassificationOptions>? change = null) where TException : Exception
    {
        var refusal = Assert.ThrowsExactly<TException>(() => _ml.HfTrainer.SequenceClassification(Classifiers.Options(change)).Fit(data));
        foreach (var part in parts)
            StringAssert.Contains(refusal.Message, part);
    }

    private IDataView Tokens(IDataView data, int maxLength = 24) =>
        _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: maxLength).Fit(data).Transform(data);

    private IDataView Tokenized(List<Review> rows, int maxLength = 24)
    {
        var data = Tokens(_ml.Data.LoadFromEnumerable(rows), maxLength);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private sealed class ForeignTokens
    {
        public long[] InputIds { get; set; } = [2, 3];

        public long[] AttentionMask { get; set; } = [1, 1];

        public long[] TokenTypeIds { get; set; } = [0, 0];

        [KeyType(2)]
        public uint Label { get; set; }
    }

    [TestMethod]
    public void ATokenTypeThatTheModelDoesNotHave()
    {
        _model.Edit("config.json", "\"type_vocab_size\": 2", "\"type_vocab_size\": 1");
        var data = _ml.Data.LoadFromEnumerable(Question.Some().Select((q, i) => new { q.Asked, q.Context, Label = i % 2 == 0 ? "a" : "b" }));
        var tokenized = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { TextColumnName = "Asked", PairColumnName = "Context", Model = _model.Folder })).Fit(data).Transform(data);
        AssertRefused<InvalidDataException>(tokenized, ["Row 1 of the training data", "the token type id 1", "are 0 to 0", "'TokenTypeIds'"]);
    }
}
