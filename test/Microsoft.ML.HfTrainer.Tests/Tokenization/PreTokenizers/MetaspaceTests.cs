using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.PreTokenizers;

[TestClass]
public class MetaspaceTests
{
    [TestMethod]
    [DataRow("""{}""", "a  b c ", "▁a:0-1 ▁:1-2 ▁b:2-4 ▁c:4-6 ▁:6-7")]
    [DataRow("""{}""", " a", "▁a:0-2")]
    [DataRow("""{}""", "▁a", "▁a:0-2")]
    [DataRow("""{}""", "\U0001F642b", "▁\U0001F642b:0-3")]
    [DataRow("""{ "split": false }""", "a  b", "▁a▁▁b:0-4")]
    [DataRow("""{ "prepend_scheme": "never" }""", "a b", "a:0-1 ▁b:1-3")]
    [DataRow("""{ "prepend_scheme": "first" }""", "a b", "▁a:0-1 ▁b:1-3")]
    [DataRow("""{ "add_prefix_space": false }""", "a b", "a:0-1 ▁b:1-3")]
    [DataRow("""{ "add_prefix_space": true, "str_rep": "▁" }""", "a b", "▁a:0-1 ▁b:1-3")]
    [DataRow("""{ "add_prefix_space": true, "prepend_scheme": "never" }""", "a", "a:0-1")]
    [DataRow("""{ "replacement": "_" }""", "a b_c", "_a:0-1 _b:1-3 _c:3-5")]
    public void Spaces_are_replaced_and_begin_words(string fields, string text, string words) =>
        Assert.AreEqual(words, string.Join(' ', Split(fields, text, 0).Select(Show)));

    [TestMethod]
    [DataRow("always", "▁b:3-4 ▁c:4-6")]
    [DataRow("first", "b:3-4 ▁c:4-6")]
    public void The_scheme_first_prepends_at_the_start_of_the_raw_text_only(string scheme, string words) =>
        Assert.AreEqual(words, string.Join(' ', Split($$"""{ "prepend_scheme": "{{scheme}}" }""", "b c", 3).Select(Show)));

    [TestMethod]
    public void Within_a_sequence_every_word_gets_a_replacement_character()
    {
        var part = """
            { "type": "Sequence", "pretokenizers": [{ "type": "WhitespaceSplit" }, { "type": "Metaspace", "replacement": "▁" }] }
            """;
        Assert.AreEqual("▁a:1-2 ▁bc:4-6", string.Join(' ', SplitBy(part, " a \nbc", 0).Select(Show)));
    }

    [TestMethod]
    [DataRow("""{ "replacement": "ab" }""", "'ab'")]
    [DataRow("""{ "replacement": "\ud83d\ude42" }""", "one character")]
    [DataRow("""{ "prepend_scheme": "last" }""", "always, first, never")]
    [DataRow("""{ "add_prefix_space": false, "prepend_scheme": "first" }""", "'never'")]
    public void Missing_or_contradictory_fields_are_refused(string fields, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<InvalidDataException>(() => Split(fields, "a", 0)).Message);

    private static List<TextSpan> Split(string fields, string text, int origin)
    {
        var part = JsonNode.Parse(fields)!.AsObject();
        part["type"] = "Metaspace";
        part["replacement"] ??= "▁";
        return SplitBy(part.ToJsonString(), text, origin);
    }

    private static List<TextSpan> SplitBy(string part, string text, int origin)
    {
        using var json = JsonDocument.Parse(part);
        var splitter = TokenizerParts.PreTokenizers.Read(new PartReader(json.RootElement, "", new LoadContext("tiny", "tokenizer.json")));
        var normalized = new NormalizedText();
        var words = new List<TextSpan>();
        // Remnants of another text must not show.
        normalized.Reset("what was before", 0);
        splitter.Split(new TextSpan(normalized, 0, normalized.Length), words);
        words.Clear();
        normalized.Reset(text, origin);
        splitter.Split(new TextSpan(normalized, 0, normalized.Length), words);
        return words;
    }

    private static string Show(TextSpan span)
    {
        var (start, end) = span.Text.Original(span.Start, span.End);
        return $"{span.Chars}:{start}-{end}";
    }
}
