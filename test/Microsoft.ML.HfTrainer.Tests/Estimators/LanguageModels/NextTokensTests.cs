using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.LanguageModels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.LanguageModels;

[TestClass]
public sealed class NextTokensTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyLanguageModel _model = TinyLanguageModel.Causal("a b c d e");

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    [DataRow(null, "a b c </s>", "a b c </s>")]
    [DataRow(3, "a b c", "a b c")]
    public void AWholeTextIsLearned(int? maxLength, string tokens, string labels) => AssertLearned(Text("a b c"), [], maxLength, tokens, labels);

    [TestMethod]
    [DataRow(null, "a b c d </s>", "- - c d </s>")]
    [DataRow(4, "a b c d", "- - c d")]
    public void ACompletionAloneIsLearned(int? maxLength, string tokens, string labels) =>
        AssertLearned(Text("a b"), [new TextColumn("Completion", NextTokens.Completion, "")], maxLength, tokens, labels);

    [TestMethod]
    public void TheAnswersOfTheAssistantAreLearnedWithTheirEnds()
    {
        var chat = TokenizeHfOptions.ForChat(model: _model.Folder);
        var talk = new[] { new Talk { Roles = ["system", "user", "assistant", "user", "assistant"], Contents = ["a", "b", "c", "d", "e b"] } };
        TextColumn[] columns = [new("Contents", NextTokens.Contents, ""), new("Roles", NextTokens.Roles, "")];
        AssertLearned(_ml.Transforms.Text.TokenizeHf(chat).Fit(_ml.Data.LoadFromEnumerable(talk)).Transform(_ml.Data.LoadFromEnumerable(talk)), columns, null,
            "<|system|> a </s> <|user|> b </s> <|assistant|> c </s> <|user|> d </s> <|assistant|> e b </s>", "- - - - - - - c </s> - - - - e b </s>");
    }

    [TestMethod]
    public void ATemplateThatMarksAnswersIsBelieved()
    {
        var config = _model["tokenizer_config.json"];
        var marked = TinyLanguageModel.ChatTemplate.Replace("{{ message['content'] }} </s> ",
            "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] }}{% endgeneration %}{% else %}{{ message['content'] }}{% endif %} </s> ", StringComparison.Ordinal);
        File.WriteAllText(config, File.ReadAllText(config).Replace(Json(TinyLanguageModel.ChatTemplate), Json(marked), StringComparison.Ordinal));
        var talk = _ml.Data.LoadFromEnumerable(new[] { new Talk { Roles = ["user", "assistant"], Contents = ["b", "c"] } });
        TextColumn[] columns = [new("Contents", NextTokens.Contents, ""), new("Roles", NextTokens.Roles, "")];
        AssertLearned(_ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForChat(model: _model.Folder)).Fit(talk).Transform(talk), columns, null,
            "<|user|> b </s> <|assistant|> c </s>", "- - - - c -");
    }

    [TestMethod]
    public void AMaximumLengthOfOneTokenIsRefusedByRow()
    {
        var data = Text("a b c");
        var learned = new NextTokens { Settings = TokenizerNote.Read(data.Schema["InputIds"].Annotations)!.Settings, MaxLength = 1, EndsTexts = true };
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => learned.Of(TaskRows.Of(_ml, data, [])[0]));
        Assert.Contains("Row 1 has 1 tokens before the first one that is to be learned, and the maximum length is 1", refused.Message);
    }

    [TestMethod]
    public void PaddingAndTheEndOfAPromptAreLeftOut()
    {
        var padded = new TokenizeHfOptions { Model = _model.Folder, MaxLength = 6, Padding = PaddingStrategy.MaxLength };
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = "a b </s>" } });
        var row = TaskRows.Of(_ml, _ml.Transforms.Text.TokenizeHf(padded).Fit(data).Transform(data), [])[0];
        Assert.AreEqual("a b", Show(NextTokens.Prompt(row)));
        Assert.AreEqual("a b </s>", Show(NextTokens.WithoutPadding(row.Tokens[0])));
    }

    [TestMethod]
    public void BlocksHoldAllTokensInTheirOrder()
    {
        var texts = new[] { 3, 4, 6, 1 }.Select((length, text) => Enumerable.Range(0, length).Select(i => (10 * text) + i).ToArray());
        var blocks = TextBlocks.Of(texts.Select(ids => NextTokens.Example(ids, ids)), 4).ToList();
        CollectionAssert.AreEqual(new[] { 4, 4, 4, 2 }, blocks.ConvertAll(block => block["input_ids"].Length));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 30 }, blocks.SelectMany(block => block["labels"].Integers.ToArray()).ToArray());
        Assert.IsEmpty(TextBlocks.Of([NextTokens.Example([1], [1])], 4), "one token predicts nothing");
        int[] prompted = [Batch.IgnoredLabel, Batch.IgnoredLabel, Batch.IgnoredLabel, Batch.IgnoredLabel, 4, Batch.IgnoredLabel, Batch.IgnoredLabel, 7];
        CollectionAssert.AreEqual(new[] { 6, 7 }, TextBlocks.Of([NextTokens.Example([0, 1, 2, 3, 4, 5, 6, 7], prompted)], 2).Single()["input_ids"].Integers.ToArray(), "only the last block has something to predict");
    }

    private void AssertLearned(IDataView data, TextColumn[] columns, int? maxLength, string tokens, string labels)
    {
        var row = TaskRows.Of(_ml, data, columns)[0];
        var settings = TokenizerNote.Read(data.Schema["InputIds"].Annotations)!.Settings;
        var example = new NextTokens { Settings = settings, MaxLength = maxLength, EndsTexts = true }.Of(row).Single().Example;
        Assert.AreEqual(tokens, Show(example["input_ids"].Integers.ToArray()));
        Assert.AreEqual(labels, Show(example["labels"].Integers.ToArray()));
    }

    private string Show(int[] ids) => string.Join(' ', ids.Select(id => id < 0 ? "-" : _model.Tokenizer.IdToToken(id)));

    private IDataView Text(string text)
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = text, Completion = "c d" } });
        return _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder).Fit(data).Transform(data);
    }

    private static string Json(string text) => System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString();

    private sealed class Line
    {
        public string Text { get; set; } = "";

        public string Completion { get; set; } = "";
    }

    private sealed class Talk
    {
        public string[] Roles { get; set; } = [];

        public string[] Contents { get; set; } = [];
    }
}
