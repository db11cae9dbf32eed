namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Options and columns that cannot be followed.</summary>
[TestClass]
public sealed class TokenizeHfOptionTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void StridesThatLeaveNothing()
    {
        Refused(o => (o.MaxLength, o.Stride) = (10, 3), "Stride is 3", "ReturnOverflowingTokens");
        Refused(o => (o.MaxLength, o.Stride, o.ReturnOverflowingTokens) = (10, -1, true), "Stride is -1");
        Refused(o => (o.MaxLength, o.Stride, o.ReturnOverflowingTokens) = (10, 8, true), "'Asked'", "Stride is 8", "MaxLength 10 leaves 8", "2 special", "below 8");
        Refused(o => (o.PairColumnName, o.MaxLength, o.Stride, o.ReturnOverflowingTokens) = ("Context", 10, 7, true), "'Asked' and 'Context'", "leaves 7", "3 special");
        // Without special tokens there is more room.
        _ml.Transforms.Text.TokenizeHf(Options(o => (o.MaxLength, o.Stride, o.ReturnOverflowingTokens, o.AddSpecialTokens) = (10, 9, true, false)));
    }

    [TestMethod]
    public void LengthsThatLeaveNothing()
    {
        Refused(o => o.MaxLength = 2, "MaxLength is 2", "2 special tokens", "each text", "above 2");
        Refused(o => (o.PairColumnName, o.MaxLength) = ("Context", 3), "MaxLength is 3", "3 special tokens", "each pair");
    }

    [TestMethod]
    public void TruncationThatContradictsTheRest()
    {
        Refused(o => o.Truncation = TruncationStrategy.OnlySecond, "OnlySecond", "PairColumnName");
        Refused(o => (o.Truncation, o.MaxLength) = (TruncationStrategy.DoNotTruncate, 10), "DoNotTruncate", "MaxLength is 10");
        Refused(o => (o.Truncation, o.ReturnOverflowingTokens) = (TruncationStrategy.DoNotTruncate, true), "DoNotTruncate", "ReturnOverflowingTokens");
        Refused(o => o.Truncation = (TruncationStrategy)9, "Truncation is 9");
        File.Delete(_model["config.json"]);
        _model.Edit("tokenizer_config.json", ", \"model_max_length\": 64", "");
        Refused(o => o.ReturnOverflowingTokens = true, "ReturnOverflowingTokens", _model.Name, "set MaxLength");
        Refused(o => o.Padding = PaddingStrategy.MaxLength, "Padding is MaxLength", _model.Name, "set MaxLength");
    }

    [TestMethod]
    public void PaddingThatCannotBe()
    {
        Refused(o => o.Padding = PaddingStrategy.Longest, "Padding is Longest", "DoNotPad");
        Refused(o => o.PaddingSide = Side.Left, "PaddingSide is Left", "DoNotPad");
        File.WriteAllText(_model["special_tokens_map.json"], "{ \"pad_token\": null }");
        _model.Edit("vocab.txt", "[PAD]", "[NONE]");
        Refused(o => o.Padding = PaddingStrategy.MaxLength, "names no padding token", _model.Name);
    }

    [TestMethod]
    public void LanguagesThatTheTokenizerDoesNotTell() => Refused(o => o.Language = "de_DE", "Language is 'de_DE'", _model.Name);

    [TestMethod]
    public void ColumnsThatCannotBePaired()
    {
        var data = _ml.Data.LoadFromEnumerable(Question.Some());
        var mixed = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.TokenizeHf(Options(o => o.PairColumnName = "ContextWords")).Fit(data));
        foreach (var part in new[] { "'Asked', which is String", "'ContextWords', which is VarVector<String>" })
            StringAssert.Contains(mixed.Message, part);
        var number = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.TokenizeHf(Options(o => o.PairColumnName = "Number")).Fit(data));
        StringAssert.Contains(number.Message, "'Number'");
        StringAssert.Contains(number.Message, "is Single");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(Options(o => o.PairColumnName = " ")));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(Options(o => o.TextColumnName = "")));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Transforms.Text.TokenizeHf((TokenizeHfOptions)null!));
    }

    [TestMethod]
    public void ARowThatCannotBeCutIsNamed()
    {
        // The first that fails is named, though others fail on other threads.
        var rows = Question.Some(400);
        foreach (var i in new[] { 399, 301, 213, 214 })
            rows[i].Asked = string.Join(' ', Enumerable.Repeat("film", 20));
        var data = _ml.Data.LoadFromEnumerable(rows);
        var view = _ml.Transforms.Text.TokenizeHf(Options(o => (o.PairColumnName, o.MaxLength, o.Truncation) = ("Context", 16, TruncationStrategy.OnlySecond))).Fit(data).Transform(data);
        using var cursor = view.GetRowCursor([view.Schema["InputIds"]]);
        var refusal = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
        StringAssert.Contains(refusal.Message, "Row 214 ");
        StringAssert.Contains(refusal.Message, "'Asked' and 'Context'");
        StringAssert.Contains(refusal.Message, "the second sequence, the only one that may be truncated, has ");
    }

    private void Refused(Action<TokenizeHfOptions> change, params string[] parts)
    {
        var refusal = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(Options(change)));
        foreach (var part in parts)
            StringAssert.Contains(refusal.Message, part);
        StringAssert.Contains(refusal.Message, "'Asked'");
        Assert.IsTrue(refusal.Data.Contains("ML_IsMarked"));
    }

    private TokenizeHfOptions Options(Action<TokenizeHfOptions> change)
    {
        var options = new TokenizeHfOptions { TextColumnName = "Asked", Model = _model.Folder };
        change(options);
        return options;
    }
}
