namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Normalizers;

[TestClass]
public class ReplacingTests
{
    private const string Marks = """{ "type": "Sequence", "normalizers": [{ "type": "Prepend", "prepend": "▁" }, """ +
        """{ "type": "Replace", "pattern": { "String": " " }, "content": "▁" }] }""";

    [TestMethod]
    [DataRow(Marks, " a b", "▁0-1▁0-1a1-2▁2-3b3-4")]
    [DataRow(Marks, "", "")]
    [DataRow("""{ "type": "Prepend", "prepend": "xy" }""", "éa", "x0-1y0-1é0-1a1-2")]
    [DataRow("""{ "type": "Replace", "pattern": { "Regex": "\\s+" }, "content": " " }""", "a \n b\t", "a0-1 3-4b4-5 5-6")]
    [DataRow("""{ "type": "Replace", "pattern": { "String": "``" }, "content": "\"" }""", "``a", "\"1-2a2-3")]
    [DataRow("""{ "type": "Replace", "pattern": { "String": "b" }, "content": "" }""", "abbc", "a0-1c3-4")]
    [DataRow("""{ "type": "ByteLevel" }""", "é a", "Ã0-1©0-1Ġ1-2a2-3")]
    public void New_characters_are_aligned_to_those_they_replace(string part, string text, string expected) =>
        Assert.AreEqual(expected, PartText.Normalize(part, text, offsets: true));

    [TestMethod]
    [DataRow("x*", "-", "axxb", "-a-b-")]
    [DataRow(@"(a)\1", "z", "aaba", "zba")]
    [DataRow("", "-", "ab", "-a-b-")]
    public void Empty_matches_are_replaced(string pattern, string content, string text, string expected)
    {
        var json = System.Text.Json.JsonEncodedText.Encode(pattern);
        Assert.AreEqual(expected, PartText.Normalize($$"""{ "type": "Replace", "pattern": { "Regex": "{{json}}" }, "content": "{{content}}" }""", text));
    }
}
