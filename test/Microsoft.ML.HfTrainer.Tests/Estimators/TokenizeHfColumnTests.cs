using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Which columns there are and what they hold.</summary>
[TestClass]
public sealed class TokenizeHfColumnTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void EveryColumnKeepsTheRulesOfEstimators()
    {
        var invalid = _ml.Data.LoadFromEnumerable([new { Asked = 1f, AskedWords = 1f }]);
        foreach (var (text, pair) in new[] { ("Asked", null), ("Asked", "Context"), ("AskedWords", null), ("AskedWords", "ContextWords") })
            EstimatorContract.Check(_ml, _ml.Transforms.Text.TokenizeHf(All(text, pair)), Load(Question.Some()), invalid);
    }

    [TestMethod]
    public void PairsGiveWhatTheTokenizerGives()
    {
        var rows = Question.Some();
        var options = new EncodeOptions { MaxLength = 12, Truncation = TruncationStrategy.OnlySecond };
        var view = Tokens(All("Asked", "Context", o => (o.MaxLength, o.Truncation) = (12, TruncationStrategy.OnlySecond)), Load(rows));
        AssertHolds(view, tokenizer => rows.Select(row => tokenizer.Encode(row.Asked, row.Context, options)));
    }

    [TestMethod]
    public void WordsGiveWhatTheTokenizerGives()
    {
        var rows = Question.Some();
        AssertHolds(Tokens(All("ContextWords", null), Load(rows)), tokenizer => rows.Select(row => tokenizer.EncodeWords(row.ContextWords)));
        var pairs = Tokens(All("AskedWords", "ContextWords"), Load(rows));
        AssertHolds(pairs, tokenizer => rows.Select(row => tokenizer.EncodeWords(row.AskedWords, row.ContextWords)));
        // Words are what offsets and word numbers count from: "cast," is one word of two tokens.
        CollectionAssert.AreEqual(new long[] { -1, 0, 1, 2, 3, -1, 0, 1, 1, 2, -1 }, pairs.GetColumn<long[]>("WordIds").ElementAt(1));
        CollectionAssert.AreEqual(new long[] { 0, 4, 4, 5 }, pairs.GetColumn<long[]>("Offsets").ElementAt(1)[14..18]);
    }

    [TestMethod]
    public void WordsMayBeSparseMissingAndOfAFixedNumber()
    {
        var words = new VBuffer<ReadOnlyMemory<char>>(4, 2, ["good".AsMemory(), "film".AsMemory()], [1, 3]);
        var view = _ml.Data.LoadFromEnumerable([new FourWords { Words = words }, new FourWords()]);
        var ids = Tokens(new() { TextColumnName = "Words", Model = _model.Folder, ReturnWordIds = true }, view);
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        CollectionAssert.AreEqual(Longs(tokenizer.EncodeWords(["", "good", "", "film"]).Ids), ids.GetColumn<long[]>("InputIds").First());
        CollectionAssert.AreEqual(new long[] { -1, 1, 3, -1 }, ids.GetColumn<long[]>("WordIds").First());
        CollectionAssert.AreEqual(Longs(tokenizer.Encode("").Ids), ids.GetColumn<long[]>("InputIds").Last());
    }

    [TestMethod]
    public void TypesAreThereWhereTheModelTakesThem()
    {
        Assert.IsNotNull(Tokens(new() { TextColumnName = "Asked", Model = _model.Folder }, Load(Question.Some())).Schema.GetColumnOrNull("TokenTypeIds"));
        _model.Edit("tokenizer_config.json", "{", "{ \"model_input_names\": [\"input_ids\", \"attention_mask\"],");
        var view = Tokens(new() { TextColumnName = "Asked", Model = _model.Folder }, Load(Question.Some()));
        CollectionAssert.AreEqual(new[] { "InputIds", "AttentionMask" }, view.Schema.Skip(Load([]).Schema.Count).Select(column => column.Name).ToList());
    }

    [TestMethod]
    public void AClassifierNeedsNoTypesAndTakesNoneOfAnotherTokenizer()
    {
        using var other = new TinyModel();
        other.Edit("tokenizer_config.json", "{", "{ \"model_input_names\": [\"input_ids\", \"attention_mask\"],");
        var data = _ml.Data.LoadFromEnumerable(Review.Some());
        IEstimator<ITransformer> Pipeline(bool isSecond) => _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.TokenizeHf("Text", model: (isSecond ? _model : other).Folder, maxLength: 24))
            .Append(_ml.Transforms.Text.TokenizeHf("Text", model: other.Folder, maxLength: 24))
            .Append(_ml.HfTrainer.SequenceClassification(Classifiers.Options()));
        using var without = (IDisposable)Pipeline(isSecond: false).Fit(data);
        using var with = (IDisposable)Pipeline(isSecond: true).Fit(data);
        var (expected, found) = (((ITransformer)without).Transform(data), ((ITransformer)with).Transform(data));
        Assert.IsNull(expected.Schema.GetColumnOrNull("TokenTypeIds"));
        Assert.IsNotNull(found.Schema.GetColumnOrNull("TokenTypeIds"));
        foreach (var (e, f) in expected.GetColumn<float[]>("Score").Zip(found.GetColumn<float[]>("Score")))
            CollectionAssert.AreEqual(e, f);
    }

    [TestMethod]
    public void PaddingChangesNoPrediction()
    {
        using var trained = (IDisposable)Classifiers.Train(_ml, _model);
        var data = _ml.Data.LoadFromEnumerable(Review.Some(20));
        float[][] Scores(Action<TokenizeHfOptions>? change = null)
        {
            var options = new TokenizeHfOptions { Model = _model.Folder, MaxLength = 24 };
            change?.Invoke(options);
            return [.. ((ITransformer)trained).Classifier().Transform(Tokens(options, data)).GetColumn<float[]>("Score")];
        }
        foreach (var (expected, found) in Scores().Zip(Scores(o => o.Padding = PaddingStrategy.MaxLength)))
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], found[i], 1e-5);
    }

    [TestMethod]
    [DataRow(Side.Left)]
    [DataRow(Side.Right)]
    public void RowsAreFilledUpOnRequest(Side side)
    {
        var rows = Question.Some();
        var view = Tokens(All("Context", null, o => (o.MaxLength, o.Padding, o.PaddingSide) = (10, PaddingStrategy.MaxLength, side)), Load(rows));
        Assert.IsTrue(view.GetColumn<long[]>("InputIds").All(ids => ids.Length == 10));
        AssertHolds(view, tokenizer => rows.Select(row =>
            tokenizer.Encode(row.Context, options: new() { MaxLength = 10 }).Pad(10, tokenizer.PadTokenId!.Value, tokenizer.PadTokenTypeId, side)));
        Assert.AreEqual(0, view.GetColumn<long[]>("AttentionMask").First()[side == Side.Left ? 0 : 9]);
    }

    [TestMethod]
    public void SettingsReachTheTokenizer()
    {
        var rows = Question.Some();
        AssertHolds(Tokens(All("Context", null, o => o.AddSpecialTokens = false), Load(rows)), tokenizer => rows.Select(row => tokenizer.Encode(row.Context, options: new() { AddSpecialTokens = false })));
        AssertHolds(
            Tokens(All("Context", null, o => (o.MaxLength, o.TruncationSide) = (6, Side.Left)), Load(rows)),
            tokenizer => rows.Select(row => tokenizer.Encode(row.Context, options: new() { MaxLength = 6, TruncationSide = Side.Left })));
        AssertHolds(
            Tokens(All("Context", "Asked", o => (o.MaxLength, o.Truncation) = (10, TruncationStrategy.OnlyFirst)), Load(rows)),
            tokenizer => rows.Select(row => tokenizer.Encode(row.Context, row.Asked, new() { MaxLength = 10, Truncation = TruncationStrategy.OnlyFirst })));
        AssertHolds(
            Tokens(All("Context", null, o => o.Truncation = TruncationStrategy.DoNotTruncate), Load([new() { Context = string.Join(' ', Enumerable.Repeat("film", 60)) }])),
            tokenizer => [tokenizer.Encode(string.Join(' ', Enumerable.Repeat("film", 60)))]);
    }

    private void AssertHolds(IDataView view, Func<HfTokenizer, IEnumerable<TokenEncoding>> expected)
    {
        var encodings = expected(HfTokenizer.FromPretrained(_model.Folder)).ToList();
        void Column(string name, Func<TokenEncoding, IEnumerable<long>> values)
        {
            var found = view.GetColumn<long[]>(name).ToList();
            Assert.HasCount(encodings.Count, found);
            for (var i = 0; i < found.Count; i++)
                CollectionAssert.AreEqual(values(encodings[i]).ToArray(), found[i], $"{name}, row {i}");
        }
        Column("InputIds", e => Longs(e.Ids));
        Column("AttentionMask", e => Longs(e.AttentionMask));
        Column("TokenTypeIds", e => Longs(e.TypeIds));
        Column("Offsets", e => e.Offsets.SelectMany(range => new long[] { range.Start, range.End }));
        Column("WordIds", e => e.WordIds.Select(word => (long)(word ?? -1)));
        Column("SequenceIds", e => e.SequenceIds.Select(sequence => (long)(sequence ?? -1)));
        Column("SpecialTokensMask", e => Longs(e.SpecialTokensMask));
    }

    private TokenizeHfOptions All(string text, string? pair, Action<TokenizeHfOptions>? change = null)
    {
        var options = new TokenizeHfOptions
        {
            TextColumnName = text, PairColumnName = pair, Model = _model.Folder,
            ReturnOffsets = true, ReturnWordIds = true, ReturnSequenceIds = true, ReturnSpecialTokensMask = true,
        };
        change?.Invoke(options);
        return options;
    }

    private static long[] Longs(int[] values) => Array.ConvertAll(values, value => (long)value);

    private IDataView Load(List<Question> rows) => _ml.Data.LoadFromEnumerable(rows);

    private IDataView Tokens(TokenizeHfOptions options, IDataView data) => _ml.Transforms.Text.TokenizeHf(options).Fit(data).Transform(data);

    private sealed class FourWords
    {
        [VectorType(4)]
        public VBuffer<ReadOnlyMemory<char>> Words { get; set; } = new(4, 0, [], []);
    }
}
