using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

[TestClass]
public class HfTokenizerChatTests
{
    private const string Turns = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

    private static readonly ChatMessage[] Chat = [ChatMessage.User("the sea"), ChatMessage.Assistant("is calm .")];

    [TestMethod]
    public void Messages_are_rendered_without_additional_special_tokens()
    {
        var chat = Tokenizer(Turns).ApplyChatTemplate(Chat, new() { AddGenerationPrompt = true });
        Assert.AreEqual("user: the sea\nassistant: is calm .\nassistant: ", chat.Text);
        CollectionAssert.AreEqual(Tokenizer(Turns).Encode(chat.Text, options: new() { AddSpecialTokens = false }).Ids, chat.Ids);
        CollectionAssert.AreEqual(Enumerable.Repeat(1, chat.Ids.Length).ToArray(), chat.AttentionMask);
        Assert.AreEqual(4, Tokenizer(Turns).ApplyChatTemplate(Chat, new() { MaxLength = 4 }).Ids.Length);
    }

    [TestMethod]
    public void The_assistant_mask_covers_generation_blocks()
    {
        var chat = Tokenizer("{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content ~ ' ' }}{% endif %}{% endfor %}")
            .ApplyChatTemplate(Chat);
        Assert.AreEqual("the sea is calm .", chat.Text);
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 1, 1 }, chat.AssistantMask);
        Assert.IsEmpty(Tokenizer(Turns).ApplyChatTemplate(Chat).AssistantMask.Where(bit => bit != 0), "a template without such a place");
    }

    [TestMethod]
    public void Templates_have_names()
    {
        var tokenizer = Tokenizer(new JsonArray(
            new JsonObject { ["name"] = "default", ["template"] = "D" }, new JsonObject { ["name"] = "tool_use", ["template"] = "T{{ tools[0].name }}" },
            new JsonObject { ["name"] = "rag", ["template"] = "R{{ documents|length }}" }));
        CollectionAssert.AreEqual(new[] { "default", "tool_use", "rag" }, tokenizer.ChatTemplates.Keys.ToArray());
        Assert.AreEqual("D", tokenizer.ApplyChatTemplate(Chat).Text);
        Assert.AreEqual("Tf", tokenizer.ApplyChatTemplate(Chat, new() { Tools = [new JsonObject { ["name"] = "f" }] }).Text);
        Assert.AreEqual("R2", tokenizer.ApplyChatTemplate(Chat, new() { Template = "rag", Documents = [new JsonObject(), new JsonObject()] }).Text);
        Assert.AreEqual("own2", tokenizer.ApplyChatTemplate(Chat, new() { Template = "own{{ messages|length }}" }).Text);
        Assert.Contains("'default', 'tool_use', 'rag'", Assert.ThrowsExactly<ArgumentException>(() => tokenizer.ApplyChatTemplate(Chat, new() { Template = "default2" })).Message);
    }

    [TestMethod]
    public void Template_files_precede_the_configuration_and_are_saved_under_their_paths()
    {
        var files = TinyTokenizer.Files(configuration: """{ "chat_template": "from the configuration" }""");
        files["chat_template.jinja"] = "{{ 'file' }}"u8.ToArray();
        files["additional_chat_templates/tool_use.jinja"] = "{{ 'tools' }}"u8.ToArray();
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            HfTokenizer.FromFiles("tiny", files).SavePretrained(folder);
            var tokenizer = HfTokenizer.FromPretrained(folder);
            Assert.AreEqual("file", tokenizer.ApplyChatTemplate(Chat).Text);
            Assert.AreEqual("tools", tokenizer.ApplyChatTemplate(Chat, new() { Template = "tool_use" }).Text);
            Assert.AreEqual(HfTokenizer.FromFiles("tiny", files).Identity, tokenizer.Identity);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    [DataRow("additional_chat_templates/../x.jinja")]
    [DataRow("additional_chat_templates/a/b.jinja")]
    [DataRow("additional_chat_templates/b.txt")]
    [DataRow("other/b.jinja")]
    public void Files_are_saved_to_no_other_folder(string file)
    {
        var files = TinyTokenizer.Files();
        files[file] = [];
        Assert.ThrowsExactly<ArgumentException>(() => HfTokenizer.FromFiles("tiny", files));
    }

    [TestMethod]
    public void Templates_see_special_tokens_and_further_variables()
    {
        var tokenizer = Tokenizer("{{ cls_token }}{{ bos_token is defined }}{{ tools is none }}{{ thinking }}{{ level + 1 }}{{ strftime_now('%-d %B %Y, %H:%M') }}");
        var clock = new FixedClock(new DateTimeOffset(2024, 7, 5, 9, 3, 0, TimeSpan.Zero));
        Assert.AreEqual("[CLS]FalseTrueFalse4.05 July 2024, 09:03", tokenizer.ApplyChatTemplate(
            Chat, new() { Variables = new Dictionary<string, JsonNode?> { ["thinking"] = false, ["level"] = 3.0 }, Clock = clock }).Text);
        var own = new ChatTemplateOptions { Variables = new Dictionary<string, JsonNode?> { ["cls_token"] = "<own>" }, Template = "{{ cls_token }}" };
        Assert.AreEqual("<own>", tokenizer.ApplyChatTemplate(Chat, own).Text);
        Assert.Contains("'messages'", Assert.ThrowsExactly<ArgumentException>(() =>
            tokenizer.ApplyChatTemplate(Chat, new() { Variables = new Dictionary<string, JsonNode?> { ["messages"] = null } })).Message);
    }

    [TestMethod]
    public void The_last_message_can_be_continued()
    {
        ChatTemplateOptions go = new() { ContinueFinalMessage = true };
        Assert.AreEqual("user: the sea\nassistant: is calm . ", Tokenizer(Turns).ApplyChatTemplate([Chat[0], ChatMessage.Assistant("is calm . ")], go).Text);
        // A template that trims messages leaves no space at the end.
        Assert.AreEqual("is calm .", Tokenizer("{{ messages[-1].content | trim }}</s>").ApplyChatTemplate([ChatMessage.Assistant(" is calm . ")], go).Text);
        var parts = new ChatMessage("assistant", JsonNode.Parse("""[{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }, { "type": "image" }]"""));
        Assert.AreEqual("<a><b", Tokenizer("{% for p in messages[-1].content if p.text %}<{{ p.text }}>{% endfor %}").ApplyChatTemplate([parts], go).Text);
        var thought = new ChatMessage("assistant", "said") { ["reasoning"] = "because" };
        Assert.AreEqual("because", Tokenizer("{{ messages[0].thinking }}|{{ messages[0].content }}").ApplyChatTemplate([thought], go with { ContinuedField = "reasoning" }).Text);
        Assert.ThrowsExactly<InvalidOperationException>(() => Tokenizer(Turns).ApplyChatTemplate(Chat, go).AssistantMask);
    }

    [TestMethod]
    public void A_message_that_cannot_be_continued_is_refused_with_the_reason()
    {
        ChatTemplateOptions go = new() { ContinueFinalMessage = true };
        AssertRefused("only one of them", Turns, Chat, go with { AddGenerationPrompt = true });
        AssertRefused("no 'content' to continue; its fields are 'role'", Turns, [new ChatMessage("assistant", (string?)null)], go);
        AssertRefused("does not render the field 'content'", "{{ messages[0].role }}", Chat, go);
        AssertRefused("does not render the last message unchanged", "{{ messages[-1].content[:3] }}", Chat, go);
        AssertRefused("no text to continue", Turns, [new ChatMessage("assistant", new JsonArray())], go);
        AssertRefused("A chat needs at least one message", Turns, [], go);
    }

    [TestMethod]
    public void Null_fields_are_undefined_and_reasoning_has_all_its_names()
    {
        var message = new ChatMessage("assistant", (string?)null) { ["tool_calls"] = null, ["reasoning"] = "r" };
        Assert.AreEqual("thinking,role,reasoning,reasoning_content|False",
            Tokenizer("{{ messages[0] | join(',') }}|{{ messages[0].tool_calls is defined }}").ApplyChatTemplate([message]).Text);
    }

    [TestMethod]
    public void Messages_are_parsed_from_json()
    {
        var messages = ChatMessage.ParseAll("""[{ "role": "user", "content": "hi" }, { "role": "assistant", "tool_calls": [{ "name": "f", "arguments": { "x": 1.0, "y": 1 } }] }]""");
        Assert.AreEqual(("user", "hi", null), (messages[0].Role, messages[0].Content, messages[1].Content));
        Assert.AreEqual("""{"x": 1.0, "y": 1}""", Tokenizer("{{ messages[1].tool_calls[0].arguments | tojson }}").ApplyChatTemplate(messages).Text);
        Assert.Contains("line 1, byte 2", Assert.ThrowsExactly<FormatException>(() => ChatMessage.ParseAll("[x]")).Message);
        Assert.Contains("Message 1", Assert.ThrowsExactly<FormatException>(() => ChatMessage.ParseAll("[{}, 5]")).Message);
        Assert.ThrowsExactly<FormatException>(() => ChatMessage.ParseAll("{}"));
        Assert.Contains(".content of the JSON is not valid Unicode", Assert.ThrowsExactly<ArgumentException>(() =>
            Tokenizer(Turns).ApplyChatTemplate(ChatMessage.ParseAll("""[{ "role": "user", "content": "\ud800" }]"""))).Message);
        Assert.AreEqual("user: \ud800\n", Tokenizer(Turns).ApplyChatTemplate([ChatMessage.User("\ud800")]).Text);
    }

    [TestMethod]
    public void A_missing_template_is_reported_and_a_damaged_one_names_its_position()
    {
        var none = TinyTokenizer.Load();
        Assert.IsEmpty(none.ChatTemplates);
        Assert.Contains("'tiny' has no chat template 'default' (it has none)", Assert.ThrowsExactly<InvalidOperationException>(() => none.ApplyChatTemplate(Chat)).Message);
        Assert.AreEqual("The chat template 'default' of the tokenizer 'tiny', line 2, column 6: expected '}}', found 'b'.",
            Assert.ThrowsExactly<ChatTemplateException>(() => Tokenizer("\n{{ a b }}").ApplyChatTemplate(Chat)).Message);
        Assert.Contains("chat_template", Assert.ThrowsExactly<InvalidDataException>(() => Tokenizer(5).ChatTemplates).Message);
        Assert.Contains("chat_template[0]", Assert.ThrowsExactly<InvalidDataException>(() => Tokenizer(new JsonArray(new JsonObject { ["name"] = "x" })).ChatTemplates).Message);
    }

    [TestMethod]
    public void Many_threads_may_use_one_template()
    {
        var tokenizer = Tokenizer(Turns);
        var expected = tokenizer.ApplyChatTemplate(Chat).Text;
        Parallel.For(0, 500, _ => Assert.AreEqual(expected, tokenizer.ApplyChatTemplate(Chat).Text));
    }

    private static void AssertRefused(string words, string template, ChatMessage[] messages, ChatTemplateOptions options) =>
        Assert.Contains(words, Assert.ThrowsExactly<ArgumentException>(() => Tokenizer(template).ApplyChatTemplate(messages, options)).Message);

    private static HfTokenizer Tokenizer(JsonNode template) => TinyTokenizer.Load(configuration: new JsonObject { ["chat_template"] = template }.ToJsonString());

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
