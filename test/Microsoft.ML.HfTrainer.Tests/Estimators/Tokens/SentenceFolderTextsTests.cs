using Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tokens;

/// <summary>What is put before texts, their case and their length, as options and as the folder of an embedding model gives them.</summary>
[TestClass]
public sealed class SentenceFolderTextsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestInitialize]
    public void Describe()
    {
        Sentence.Describe(_model, 8);
        // Case matters to a tokenizer that keeps it.
        _model.Edit("tokenizer_config.json", "\"do_lower_case\": true", "\"do_lower_case\": false");
    }

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TheDefaultPromptLetterCaseAndLengthAreThoseOfTheFolder() => AssertTokens("we ask: good film", 9, TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder));

    [TestMethod]
    public void APromptIsChosenByItsName() => AssertTokens("the story: good film", 9, TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder, promptName: "passage"));

    [TestMethod]
    public void OptionsComeBeforeTheFolder()
    {
        var options = TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder);
        (options.TextPrefix, options.MaxLength) = ("MY ", 5);
        AssertTokens("my good film", 5, options);
    }

    [TestMethod]
    public void APromptOfTheFolderDoesNotGoWithPlacesInTextsOrTheirWords()
    {
        Refused("the prompt 'We ask: ' before texts, and ReturnOffsets is set", options => options.ReturnOffsets = true);
        Refused("the prompt 'We ask: ' before texts, and SplitIntoWords is set", options => options.SplitIntoWords = true);

        void Refused(string expected, Action<TokenizeHfOptions> set)
        {
            var options = TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder);
            set(options);
            Assert.Contains(expected, Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(options)).Message);
        }
    }

    [TestMethod]
    public void WithoutTheFolderTextsStayAsTheyAre() => AssertTokens("Good film", 48, new TokenizeHfOptions { Model = _model.Folder });

    [TestMethod]
    public void APrefixStandsBeforeTheFirstTextOfAPair()
    {
        var data = _ml.Data.LoadFromEnumerable([new Sentence { Text = "Good film", Second = "Bad book" }]);
        var tokenize = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, PairColumnName = "Second", TextPrefix = "the ", LowerCase = true });
        CollectionAssert.AreEqual(HfTokenizer.FromPretrained(_model.Folder).Encode("the good film", "bad book").Ids, Ids(tokenize.Fit(data), data));
    }

    [TestMethod]
    public void AFolderThatIsNoneOfSentenceTransformersSaysNothing()
    {
        foreach (var file in new[] { "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json" })
            File.Delete(_model[file]);
        AssertTokens("Good film", 48, TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder));
    }

    [TestMethod]
    public void ALengthBeyondTheModelsPositionsIsCapped()
    {
        _model.Edit("sentence_bert_config.json", "9", "512");
        AssertTokens("we ask: good film", 48, TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder));
    }

    [TestMethod]
    public void AModelInAFolderOfItsOwnBringsItsTokenizer()
    {
        _model.Edit("modules.json", "\"path\":\"\"", "\"path\":\"0_Transformer\"");
        Directory.CreateDirectory(_model["0_Transformer"]);
        foreach (var file in new[] { "config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json", "sentence_bert_config.json" })
            File.Move(_model[file], _model["0_Transformer/" + file]);
        File.Delete(_model["2_Dense/config.json"]);
        File.WriteAllText(_model["2_Dense/config.json"], Models.SentenceFolder.Dense(PretrainedConfig.FromPretrained(_model["0_Transformer"]).GetSize("hidden_size"), 6));
        Models.SentenceFolder.WriteDense(_model["2_Dense"], PretrainedConfig.FromPretrained(_model["0_Transformer"]).GetSize("hidden_size"), 6);
        var data = _ml.Data.LoadFromEnumerable(Sentence.Some(3));
        var model = _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder)).Append(_ml.HfTrainer.PretrainedSentenceEmbedding()).Fit(data);
        using var owned = (IDisposable)model;
        Assert.AreEqual(6, model.LastTransformer.Model.SentenceEmbedding!.Size, "the modules around the model are found");
    }

    [TestMethod]
    public void PromptsThatCannotBeAreRefused()
    {
        Refused("has no prompt 'document'; its prompts are query, passage", TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder, promptName: "document"));
        var both = TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder, promptName: "query");
        both.TextPrefix = "ask: ";
        Refused("The prompt 'query' and TextPrefix", both);
        Refused("TextPrefix and ReturnOffsets are both set", new TokenizeHfOptions { Model = _model.Folder, TextPrefix = "ask: ", ReturnOffsets = true });
    }

    [TestMethod]
    public void WordsHaveNoPrefix()
    {
        var data = _ml.Data.LoadFromEnumerable([new Words { Text = ["good", "film"] }]);
        var model = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, TextPrefix = "the " }).Fit(data);
        Assert.Contains("TextPrefix ('the ') is put before texts, and the column holds words; give a column of texts", Assert.ThrowsExactly<InvalidDataException>(() => Ids(model, data)).Message);
        var prompted = _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder)).Fit(data);
        foreach (var own in new[] { prompted, EstimatorContract.SaveAndLoad(_ml, prompted, data.Schema).Model })
            Assert.Contains($"The prompt 'query' of the model '{_model.Folder}' ('We ask: ') is put before texts", Assert.ThrowsExactly<InvalidDataException>(() => Ids(own, data)).Message);
    }

    private void Refused(string expected, TokenizeHfOptions options) => Assert.Contains(expected, Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(options)).Message);

    // Before and after saving, and as a validation set is tokenized.
    private void AssertTokens(string text, int maxLength, TokenizeHfOptions options)
    {
        var data = _ml.Data.LoadFromEnumerable([new Sentence { Text = "Good film" }]);
        var model = _ml.Transforms.Text.TokenizeHf(options).Fit(data);
        Assert.AreEqual(maxLength, model.MaxLength);
        var expected = HfTokenizer.FromPretrained(_model.Folder).Encode(text, options: new() { MaxLength = maxLength }).Ids;
        CollectionAssert.AreEqual(expected, Ids(model, data));
        CollectionAssert.AreEqual(expected, Ids(EstimatorContract.SaveAndLoad(_ml, model, data.Schema).Model, data));
    }

    private int[] Ids(ITransformer model, IDataView data) => Array.ConvertAll(_ml.Data.CreateEnumerable<Tokens>(model.Transform(data), reuseRowObject: false).Single().InputIds, id => (int)id);

    private sealed class Words
    {
        public string[] Text { get; set; } = [];
    }

    private sealed class Tokens
    {
        public long[] InputIds { get; set; } = [];
    }
}
