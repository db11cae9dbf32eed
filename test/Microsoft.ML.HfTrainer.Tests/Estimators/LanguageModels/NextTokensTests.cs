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
        AssertChat(
            new() { Roles = ["system", "user", "assistant", "user", "assistant"], Contents = ["a", "b", "c", "d", "e b"] },
            "<|system|> a </s> <|user|> b </s> <|assistant|> c </s> <|user|> d </s> <|assistant|> e b </s>", "- - - - - - - c </s> - - - - e b </s>");
    }

    // A loop over messages says where they end; a template that has none, or has one that writes nothing, is asked for each beginning of the chat.
    [TestMethod]
    [DataRow("{% for message in messages %}", "{% for message in messages %}")]
    [DataRow("{% for message in messages %}", "{% for i in range(messages|length) %}{% set message = messages[i] %}")]
    [DataRow("{% for message in messages %}", "{% for message in messages %}{% endfor %}{% for i in range(messages|length) %}{% set message = messages[i] %}")]
    public void AnswersAreFoundHoweverTheTemplateReadsMessages(string part, string other)
    {
        SetTemplate(TinyLanguageModel.ChatTemplate.Replace(part, other, StringComparison.Ordinal));
        AssertChat(
            new() { Roles = ["assistant", "user", "assistant", "assistant", "user"], Contents = ["a", "b", "", "d e", "c"] },
            "<|assistant|> a </s> <|user|> b </s> <|assistant|> </s> <|assistant|> d e </s> <|user|> c </s> <|assistant|>", "<|assistant|> a </s> - - - - </s> - d e </s> - - - -");
    }

    [TestMethod]
    public void TheEndOfTheLastAnswerMayStandBehindTheLoop()
    {
        SetTemplate("{% for message in messages %}{% if not loop.first %}</s> {% endif %}<|{{ message['role'] }}|> {{ message['content'] }} {% endfor %}</s>{% if add_generation_prompt %} <|assistant|> {% endif %}");
        AssertChat(new() { Roles = ["user", "assistant"], Contents = ["b", "c"] }, "<|user|> b </s> <|assistant|> c </s>", "- - - - c </s>");
    }

    [TestMethod]
    public void LongChatsAreRenderedAFewTimesAndNotForEachAnswer()
    {
        var settings = TokenizerNote.Read(Chats(new Talk { Roles = ["user"], Contents = ["a"] }).Schema["InputIds"].Annotations)!.Settings;
        var tokenizer = _model.Tokenizer;
        long Allocated(int messages)
        {
            var texts = new RowTexts(Enumerable.Repeat("a b", messages).ToArray(), [.. Enumerable.Range(0, messages).Select(i => i % 2 == 0 ? "user" : "assistant")], AreWords: true, TextForm.Chat);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.HasCount(3 * messages / 2, ChatRow.Of(texts, tokenizer, settings).Answers().Where(own => own));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated(40);
        Assert.IsLessThan(8, Allocated(800) / Allocated(200), "the memory of four times as many messages");
    }

    [TestMethod]
    public void ATemplateThatMarksAnswersIsBelieved()
    {
        SetTemplate(TinyLanguageModel.ChatTemplate.Replace("{{ message['content'] }} </s> ",
            "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] }}{% endgeneration %}{% else %}{{ message['content'] }}{% endif %} </s> ", StringComparison.Ordinal));
        AssertChat(new() { Roles = ["user", "assistant"], Contents = ["b", "c"] }, "<|user|> b </s> <|assistant|> c </s>", "- - - - c -");
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

    private void SetTemplate(string template)
    {
        var config = _model["tokenizer_config.json"];
        File.WriteAllText(config, File.ReadAllText(config).Replace(Json(TinyLanguageModel.ChatTemplate), Json(template), StringComparison.Ordinal));
    }

    private void AssertChat(Talk talk, string tokens, string labels) =>
        AssertLearned(Chats(talk), [new("Contents", NextTokens.Contents, ""), new("Roles", NextTokens.Roles, "")], null, tokens, labels);

    private IDataView Chats(Talk talk)
    {
        var data = _ml.Data.LoadFromEnumerable([talk]);
        return _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForChat(model: _model.Folder)).Fit(data).Transform(data);
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
