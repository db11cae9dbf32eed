using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class TokenizeHfTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void KeepsTheRulesOfEstimators() => EstimatorContract.Check(
        _ml, _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder), Load(Review.Some()), _ml.Data.LoadFromEnumerable([new { Text = 1f }]));

    [TestMethod]
    public void GivesWhatTheTokenizerGives()
    {
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        var pairs = new[] { new Pair("a good film", "with a cast"), new Pair("dull", ""), new Pair("dull", "and slow") };
        var rows = Tokens(_ml.Transforms.Text.TokenizeHf("First", "Second", _model.Folder, maxLength: 6), _ml.Data.LoadFromEnumerable(pairs));

        foreach (var (pair, row) in pairs.Zip(rows))
        {
            var expected = tokenizer.Encode(pair.First, pair.Second, new EncodeOptions { MaxLength = 6 });
            CollectionAssert.AreEqual(expected.Ids.Select(i => (long)i).ToArray(), row.InputIds);
            CollectionAssert.AreEqual(expected.AttentionMask.Select(i => (long)i).ToArray(), row.AttentionMask);
            CollectionAssert.AreEqual(expected.TypeIds.Select(i => (long)i).ToArray(), row.TokenTypeIds);
        }
        Assert.Contains(1L, rows[0].TokenTypeIds);
    }

    [TestMethod]
    public void SaysInAnnotationsWhichTokenizerItWas()
    {
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        var data = Load(Review.Some());
        var schema = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 9).Fit(data).GetOutputSchema(data.Schema);

        foreach (var name in new[] { "InputIds", "AttentionMask", "TokenTypeIds" })
        {
            var note = TokenizerNote.Read(schema[name].Annotations)!;
            Assert.AreEqual(tokenizer.Identity, note.Identity);
            Assert.AreEqual(_model.Name, note.Name);
            Assert.AreEqual(120, note.VocabularySize);
            Assert.AreEqual(0, note.PadTokenId);
            Assert.AreEqual(9, note.Settings.MaxLength);
            Assert.AreEqual(_model.Folder, note.Folder);
            Assert.AreEqual("Text", note.Settings.Columns.Text);
            Assert.IsNull(note.Settings.Columns.Pair);
        }
        var rebuilt = TokenizerNote.Read(schema["InputIds"].Annotations)!.LoadTokenizer(schema["InputIds"].Annotations);
        Assert.AreEqual(tokenizer.Identity, rebuilt.Identity);
    }

    [TestMethod]
    public void TakesTheShorterOfTokenizersAndModelsLimits()
    {
        Assert.AreEqual(48, Fit(_model).MaxLength, "the model has 48 positions");
        Assert.AreEqual(20, Fit(_model.Edit("tokenizer_config.json", "64", "20")).MaxLength, "the tokenizer says 20");
        File.Delete(_model["config.json"]);
        Assert.AreEqual(20, Fit(_model).MaxLength);
        File.Delete(_model["tokenizer_config.json"]);
        Assert.IsNull(Fit(_model).MaxLength, "nothing sets a limit");
    }

    [TestMethod]
    public void WarnsOnceOfEmptyAndOfLongTexts()
    {
        var log = new LogLines(_ml);
        var rows = Review.Some(40);
        (rows[3].Text, rows[7].Text) = (null, "");
        var estimator = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 10);
        var tokens = Tokens(estimator, Load(rows));

        CollectionAssert.AreEqual(new long[] { 2, 3 }, tokens[3].InputIds);
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        var tooLong = rows.Count(row => tokenizer.Encode(row.Text ?? "").Length > 10);
        Assert.IsGreaterThan(1, tooLong);
        Assert.HasCount(2, log.Warnings);
        Assert.StartsWith("2 of 40 rows have an empty or missing text in 'Text'", log.Warnings[0]);
        Assert.StartsWith($"{tooLong} of 40 rows have more than 10 tokens in 'Text' and were truncated (maxLength 10", log.Warnings[1]);
        Assert.AreEqual(10, tokens.Max(row => row.InputIds.Length));
    }

    [TestMethod]
    public void CursorsSideBySideGiveTheSameRowsAndOneWarning()
    {
        var log = new LogLines(_ml);
        var rows = Review.Some(3000);
        rows[5].Text = "";
        // A cache can be read by several cursors, each with a part of the rows.
        var view = _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder).Fit(Load(rows)).Transform(_ml.Data.Cache(Load(rows)));
        var columns = view.Schema.Where(c => c.Name is "Weight" or "InputIds").ToList();
        var cursors = view.GetRowCursorSet(columns, 3);
        Assert.IsGreaterThan(1, cursors.Length);
        var found = new Dictionary<float, object>();
        foreach (var cursor in cursors)
        {
            var readers = columns.Select(column => RowComparer.Reader(cursor, column)).ToList();
            while (cursor.MoveNext())
                found.Add((float)readers[0](), readers[1]());
            cursor.Dispose();
        }

        var expected = Tokens(_ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder), Load(rows));
        Assert.HasCount(3000, found);
        for (var i = 0; i < 3000; i++)
            CollectionAssert.AreEqual(expected[i].InputIds, ((object[])found[i]).Cast<long>().ToArray());
        var empty = log.Warnings.Where(line => line.Contains("empty", StringComparison.Ordinal)).ToList();
        Assert.HasCount(2, empty, "one a pass, and there were two passes");
        foreach (var line in empty)
            Assert.StartsWith("1 of 3,000 rows have an empty or missing text", line);
    }

    [TestMethod]
    public void SingleRowsFollowTheirText()
    {
        var transformer = Fit(_model);
        using var engine = _ml.Model.CreatePredictionEngine<Review, TokenRow>(transformer);
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        var row = new Review();
        foreach (var text in new[] { "a good film", "dull", "dull", null, "dull" })
        {
            row.Text = text;
            CollectionAssert.AreEqual(tokenizer.Encode(text ?? "").Ids.Select(i => (long)i).ToArray(), engine.Predict(row).InputIds);
        }
    }

    [TestMethod]
    public void RefusesColumnsThatAreNoText()
    {
        var estimator = _ml.Transforms.Text.TokenizeHf("Weight", model: _model.Folder);
        var wrongType = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Load(Review.Some())));
        StringAssert.Contains(wrongType.Message, "'Weight'");
        StringAssert.Contains(wrongType.Message, "is Single; it should be text");
        var missing = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Text.TokenizeHf("Text", "Body", _model.Folder).Fit(Load(Review.Some())));
        StringAssert.Contains(missing.Message, "'Body'");
        StringAssert.Contains(missing.Message, "Text, Label, Weight");
    }

    [TestMethod]
    public void RefusesFoldersAndLengthsThatAreWrong()
    {
        var text = _ml.Transforms.Text;
        StringAssert.Contains(Assert.ThrowsExactly<HubException>(() => text.TokenizeHf("Text", model: "org/name")).Message, "'org/name'");
        var length = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => text.TokenizeHf("Text", model: _model.Folder, maxLength: 0));
        StringAssert.Contains(length.Message, "maxLength");
        File.Delete(_model["vocab.txt"]);
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => text.TokenizeHf("Text", model: _model.Folder)).Message, "vocab.txt");
    }

    private TokenizeHfTransformer Fit(TinyModel model) => _ml.Transforms.Text.TokenizeHf("Text", model: model.Folder).Fit(Load(Review.Some()));

    private IDataView Load(List<Review> rows) => _ml.Data.LoadFromEnumerable(rows);

    private List<TokenRow> Tokens(TokenizeHfEstimator estimator, IDataView data) =>
        [.. _ml.Data.CreateEnumerable<TokenRow>(estimator.Fit(data).Transform(data), reuseRowObject: false)];

    private sealed record Pair(string First, string Second);

    private sealed class TokenRow
    {
        public long[] InputIds { get; set; } = [];

        public long[] AttentionMask { get; set; } = [];

        public long[] TokenTypeIds { get; set; } = [];
    }
}
