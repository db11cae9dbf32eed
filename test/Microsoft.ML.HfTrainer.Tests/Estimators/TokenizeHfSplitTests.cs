namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Texts that are split at white space into words.</summary>
[TestClass]
public sealed class TokenizeHfSplitTests
{
    private const string Text = "  the film,good !\tbest\nmeal ";

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void WordsAreCountedAndOffsetsAreOfTheText()
    {
        var columns = Read(new TokenizeHfOptions { SplitIntoWords = true }, new { Text });
        var words = HfTokenizer.FromPretrained(_model.Folder).EncodeWords(["the", "film,good", "!", "best", "meal"]);
        CollectionAssert.AreEqual(words.Ids.Select(id => (long)id).ToArray(), columns["InputIds"]);
        CollectionAssert.AreEqual(new long[] { -1, 0, 1, 1, 1, 2, 3, 4, -1 }, columns["WordIds"]);
        string?[] expected = [null, "the", "film", ",", "good", "!", "best", "meal", null];
        for (var i = 0; i < expected.Length; i++)
            if (expected[i] is { } token)
                Assert.AreEqual(token, Text[(int)columns["Offsets"][2 * i]..(int)columns["Offsets"][(2 * i) + 1]]);
    }

    [TestMethod]
    public void PairsAreSplitEach()
    {
        var columns = Read(new TokenizeHfOptions { SplitIntoWords = true, PairColumnName = "Pair" }, new { Text, Pair = " room  bed" });
        CollectionAssert.AreEqual(new long[] { -1, 0, 1, 1, 1, 2, 3, 4, -1, 0, 1, -1 }, columns["WordIds"]);
        CollectionAssert.AreEqual(new long[] { 1, 5, 7, 10 }, columns["Offsets"][18..22]);
    }

    [TestMethod]
    public void WhatIsCutOffHasOffsetsOfTheTextToo()
    {
        var all = Rows(new TokenizeHfOptions { SplitIntoWords = true, MaxLength = 5, ReturnOverflowingTokens = true }, new { Text });
        Assert.HasCount(3, all);
        CollectionAssert.AreEqual(new[] { "the film ,", "good ! best", "meal" }, all.ConvertAll(row => string.Join(' ', row["Offsets"].Chunk(2)
            .Where(range => range[1] > 0).Select(range => Text[(int)range[0]..(int)range[1]]))));
    }

    [TestMethod]
    public void TheOptionIsSavedWithThePipeline()
    {
        var data = _ml.Data.LoadFromEnumerable([new { Text }]);
        var transformer = Tokenize(new TokenizeHfOptions { SplitIntoWords = true }).Fit(data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, transformer, data.Schema, new MLContext());
        RowComparer.AssertSame(RowComparer.Read(transformer.Transform(data)), RowComparer.Read(loaded.Transform(data)));
    }

    [TestMethod]
    public void WordsAreNotSplitAgain()
    {
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Tokenize(new TokenizeHfOptions { SplitIntoWords = true }).Fit(_ml.Data.LoadFromEnumerable([new { Text = new[] { "good", "film" } }])));
        StringAssert.Contains(refused.Message, "SplitIntoWords");
        StringAssert.Contains(refused.Message, "'Text'");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" \t\n")]
    public void ATextWithoutWordsHasSpecialTokensAlone(string text) =>
        CollectionAssert.AreEqual(new long[] { -1, -1 }, Read(new TokenizeHfOptions { SplitIntoWords = true }, new { Text = text })["WordIds"]);

    private Dictionary<string, long[]> Read<T>(TokenizeHfOptions options, T row) where T : class => Rows(options, row).Single();

    private List<Dictionary<string, long[]>> Rows<T>(TokenizeHfOptions options, T row) where T : class
    {
        var data = _ml.Data.LoadFromEnumerable([row]);
        var view = Tokenize(options).Fit(data).Transform(data);
        var columns = new[] { "InputIds", "WordIds", "Offsets" }.Select(name => view.Schema[name]).ToArray();
        using var cursor = view.GetRowCursor(columns);
        var readers = columns.Select(column => (column.Name, Read: RowComparer.Reader(cursor, column))).ToArray();
        var rows = new List<Dictionary<string, long[]>>();
        while (cursor.MoveNext())
            rows.Add(readers.ToDictionary(reader => reader.Name, reader => ((object[])reader.Read()).Cast<long>().ToArray()));
        return rows;
    }

    private TokenizeHfEstimator Tokenize(TokenizeHfOptions options)
    {
        (options.Model, options.ReturnOffsets, options.ReturnWordIds) = (_model.Folder, true, true);
        return _ml.Transforms.Text.TokenizeHf(options);
    }
}
