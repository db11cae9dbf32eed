using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Normalizers;

[TestClass]
public class NormalizerTests
{
    [TestMethod]
    [DataRow("""{ "type": "BertNormalizer" }""", "A\tÉ\u0000\uFFFD\u200Bb", "a eb")]
    [DataRow("""{ "type": "BertNormalizer" }""", "x中\U00020731y", "x 中  \U00020731 y")]
    [DataRow("""{ "type": "BertNormalizer", "handle_chinese_chars": false }""", "x中y", "x中y")]
    [DataRow("""{ "type": "BertNormalizer", "strip_accents": false }""", "É", "é")]
    [DataRow("""{ "type": "BertNormalizer", "lowercase": false }""", "É", "É")]
    [DataRow("""{ "type": "BertNormalizer", "lowercase": false, "strip_accents": true }""", "É", "E")]
    [DataRow("""{ "type": "BertNormalizer", "clean_text": false, "lowercase": false }""", "\u0000\t", "\u0000\t")]
    [DataRow("""{ "type": "BertNormalizer" }""", "\u0378 \uE000", "\u0378 ")]
    [DataRow("""{ "type": "Lowercase" }""", "ΑΣ İ ẞ \U00010400", "ασ i\u0307 ß \U00010428")]
    [DataRow("""{ "type": "NFD" }""", "é각", "e\u0301\u1100\u1161\u11A8")]
    [DataRow("""{ "type": "NFC" }""", "e\u0301\u0301 \u1100\u1161\u11A8 \u212B", "é\u0301 각 Å")]
    [DataRow("""{ "type": "NFC" }""", "q\u0307\u0323", "q\u0323\u0307")]
    [DataRow("""{ "type": "NFKC" }""", "ﬁ２ ㎡", "fi2 m2")]
    [DataRow("""{ "type": "NFKD" }""", "ﬁé", "fie\u0301")]
    [DataRow("""{ "type": "StripAccents" }""", "e\u0301é हि", "eé ह")]
    [DataRow("""{ "type": "Strip" }""", " \u00A0a b\n", "a b")]
    [DataRow("""{ "type": "Strip", "strip_left": false }""", " a ", " a")]
    [DataRow("""{ "type": "Sequence", "normalizers": [{ "type": "NFD" }, { "type": "StripAccents" }, { "type": "Lowercase" }] }""", "ÉÀ", "ea")]
    [DataRow("""{ "type": "BertNormalizer" }""", "e\u0301\uA82C\u08D0\u1734", "e\uA82C\u08D0")]
    [DataRow("""{ "type": "BertNormalizer" }""", "\u0890\u200D", "\u0890")]
    [DataRow("""{ "type": "StripAccents" }""", "e\u0301\uA82C\u08D0\u0CF3", "e\uA82C\u08D0\u0CF3")]
    [DataRow("""{ "type": "Lowercase" }""", "\uA7CE \U00016EA0", "\uA7CF \U00016EBB")]
    [DataRow("""{ "type": "NFKC" }""", "㍻㋿", "平成㋿")]
    [DataRow("""{ "type": "NFD" }""", "a\u08D3\u0334", "a\u08D3\u0334")]
    public void Normalizes_text(string part, string text, string expected)
    {
        var normalized = Normalize(part, text);
        Assert.AreEqual(expected, normalized.Chars.ToString());
    }

    [TestMethod]
    [DataRow("""{ "type": "BertNormalizer" }""", "\u200Bé中", "e:1-2 _:2-3 中:2-3 _:2-3")]
    [DataRow("""{ "type": "NFD" }""", "xé", "x:0-1 e:1-2 \u0301:1-2")]
    [DataRow("""{ "type": "NFC" }""", "e\u0301x", "é:0-1 x:2-3")]
    [DataRow("""{ "type": "Lowercase" }""", "İx", "i:0-1 \u0307:0-1 x:1-2")]
    [DataRow("""{ "type": "BertNormalizer" }""", "É\U0001F642a", "e:0-1 \U0001F642:1-3 a:3-4")]
    [DataRow("""{ "type": "Strip" }""", "  ab", "a:2-3 b:3-4")]
    public void Aligns_each_character_to_the_original_text(string part, string text, string expected)
    {
        var normalized = Normalize(part, text);
        var position = 0;
        var ranges = new List<string>();
        foreach (var rune in normalized.Chars.EnumerateRunes())
        {
            var (start, end) = normalized.Original(position, position += rune.Utf16SequenceLength);
            ranges.Add($"{(rune.Value == ' ' ? "_" : rune.ToString())}:{start}-{end}");
        }
        Assert.AreEqual(expected, string.Join(' ', ranges));
    }

    [TestMethod]
    public void A_lone_surrogate_becomes_the_replacement_character()
    {
        Assert.AreEqual("x", Normalize("""{ "type": "BertNormalizer" }""", "\uD83Dx\uDE42").Chars.ToString());
        Assert.HasCount(5, TinyTokenizer.Load(json => json["normalizer"] = null).Encode("sea \uD83D. ").Ids);
    }

    private static NormalizedText Normalize(string part, string text)
    {
        using var json = JsonDocument.Parse(part);
        var normalized = new NormalizedText();
        normalized.Reset(text, 0);
        TokenizerParts.Normalizers.Read(new PartReader(json.RootElement, "", new LoadContext("tiny", "tokenizer.json"))).Normalize(normalized);
        return normalized;
    }
}
