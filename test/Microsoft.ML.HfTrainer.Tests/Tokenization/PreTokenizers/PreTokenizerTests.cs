using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.PreTokenizers;

[TestClass]
public class PreTokenizerTests
{
    [TestMethod]
    [DataRow("""{ "type": "BertPreTokenizer" }""", " Hé, it's $5\u00A0— ok。", "Hé|,|it|'|s|$|5|—|ok|。")]
    [DataRow("""{ "type": "Whitespace" }""", "Hé, it's 中文 ??\U0001F642 a_b", "Hé|,|it|'|s|中文|??\U0001F642|a_b")]
    [DataRow("""{ "type": "WhitespaceSplit" }""", " a,b \u0085c\n", "a,b|c")]
    [DataRow("""{ "type": "Punctuation" }""", "a, b!!c", "a|,| b|!|!|c")]
    [DataRow("""{ "type": "Punctuation", "behavior": "Removed" }""", "a, b!!c", "a| b|c")]
    [DataRow("""{ "type": "Punctuation", "behavior": "MergedWithPrevious" }""", "a, b!!c", "a,| b!|!|c")]
    [DataRow("""{ "type": "Punctuation", "behavior": "MergedWithNext" }""", "a, b!!c", "a|, b|!|!c")]
    [DataRow("""{ "type": "Punctuation", "behavior": "Contiguous" }""", "a, b!!c", "a|,| b|!!|c")]
    [DataRow("""{ "type": "Sequence", "pretokenizers": [{ "type": "WhitespaceSplit" }, { "type": "Punctuation" }] }""", "a, b!", "a|,|b|!")]
    [DataRow("""{ "type": "BertPreTokenizer" }""", " ", "")]
    [DataRow("""{ "type": "BertPreTokenizer" }""", "a\u061Db\u166Dc\u060Cd", "a\u061Db|\u166D|c|\u060C|d")]
    [DataRow("""{ "type": "Whitespace" }""", "aⓐ\U0001F170b③", "aⓐ\U0001F170b|③")]
    public void Splits_into_words(string part, string text, string words)
    {
        using var json = JsonDocument.Parse(part);
        var normalized = new NormalizedText();
        normalized.Reset("__" + text, 0);
        var spans = new List<TextSpan>();
        TokenizerParts.PreTokenizers.Read(new PartReader(json.RootElement, "", new LoadContext("tiny", "tokenizer.json")))
            .Split(new TextSpan(normalized, 2, normalized.Length), spans);
        Assert.AreEqual(words, string.Join('|', spans.Select(span => span.Chars.ToString())));
    }
}
