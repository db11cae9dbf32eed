namespace Microsoft.ML.HfTrainer.Tests.Tokenization.PreTokenizers;

[TestClass]
public class SplitTests
{
    [TestMethod]
    [DataRow("Removed", false, "a|b")]
    [DataRow("Removed", true, "-|-|-|-")]
    [DataRow("Isolated", false, "-|a|-|-|b|-")]
    [DataRow("MergedWithPrevious", false, "-|a-|-|b-")]
    [DataRow("MergedWithPrevious", true, "-a|-|-b|-")]
    [DataRow("MergedWithNext", false, "-a|-|-b|-")]
    [DataRow("MergedWithNext", true, "-|a-|-|b-")]
    [DataRow("Contiguous", false, "-|a|--|b|-")]
    [DataRow("Contiguous", true, "-|a|--|b|-")]
    public void Delimiters_are_removed_isolated_or_merged(string behavior, bool invert, string words)
    {
        foreach (var pattern in new[] { """{ "String": "-" }""", """{ "Regex": "-" }""" })
        {
            var part = $$"""{ "type": "Split", "pattern": {{pattern}}, "behavior": "{{behavior}}", "invert": {{(invert ? "true" : "false")}} }""";
            Assert.AreEqual(words, PartText.Split(part, "-a--b-"), part);
        }
    }

    [TestMethod]
    public void Words_of_a_known_pattern_can_be_the_delimiters()
    {
        var part = """{ "type": "Split", "pattern": { "Regex": "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+" }, """;
        Assert.AreEqual("it|'s| a|12", PartText.Split(part + "\"behavior\": \"Removed\", \"invert\": true }", "it's a12"));
        Assert.AreEqual("", PartText.Split(part + "\"behavior\": \"Removed\", \"invert\": false }", "it's a12"));
    }

    [TestMethod]
    public void A_pattern_can_split_a_text_into_characters()
    {
        Assert.AreEqual("a|\U0001F642|b", PartText.Split("""{ "type": "Split", "pattern": { "Regex": "" }, "behavior": "Removed", "invert": false }""", "a\U0001F642b"));
    }

    [TestMethod]
    [DataRow("false", "a|12½|b|Ⅷ")]
    [DataRow("true", "a|1|2|½|b|Ⅷ")]
    public void Digits_include_numeric_characters_of_every_kind(string individual, string words) =>
        Assert.AreEqual(words, PartText.Split($$"""{ "type": "Digits", "individual_digits": {{individual}} }""", "a12½bⅧ"));

    [TestMethod]
    public void A_single_delimiter_is_removed() => Assert.AreEqual("a|b ", PartText.Split("""{ "type": "CharDelimiterSplit", "delimiter": "_" }""", "_a__b _"));
}
