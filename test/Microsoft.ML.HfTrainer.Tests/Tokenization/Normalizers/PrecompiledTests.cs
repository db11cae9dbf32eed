using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Tokenization.Text;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Normalizers;

[TestClass]
public class PrecompiledTests
{
    private static readonly byte[] Table = CharsmapFile.Make(
        ("e\u0301", "é"), ("a\u0301", "á"), ("\uFF41", "a"), ("\u0001", ""), ("\u0002", ""), ("½", "1\u20442"), ("\r", " "), ("\uFB01", "fi"), ("\u3000", " "));

    [TestMethod]
    [DataRow("abc é 漢", "a:0-1 b:1-2 c:2-3 _:3-4 é:4-5 _:5-6 漢:6-7")]
    [DataRow("a\u0301b", "á:0-1 b:2-3")]
    [DataRow("ca\u0301", "c:0-1 á:1-2")]
    [DataRow("e\u0301\u031D", "é:0-1")]
    [DataRow("\uFF41\u0301", "a:0-1")]
    [DataRow("\uFF41\u0301\u0301", "a:0-1 \u0301:1-2 \u0301:2-3")]
    [DataRow("\r\nx", "_:0-1 x:2-3")]
    [DataRow("\uFB01x", "f:0-1 i:0-1 x:1-2")]
    [DataRow("\U0001F642\u3000\U0001F642", "\U0001F642:0-2 _:2-3 \U0001F642:3-5")]
    public void Short_graphemes_are_replaced_as_a_whole(string text, string expected) => Assert.AreEqual(expected, Normalize(text, 0));

    [TestMethod]
    [DataRow("a\u0001b", "a:0-1 b:2-3")]
    [DataRow("½\u0001b", "1:0-1 \u2044:0-1 2:1-2 b:2-3")]
    [DataRow("½\u0001\u0001b", "1:0-1 \u2044:0-1 2:1-2 b:3-4")]
    [DataRow("½b", "1:0-1 \u2044:0-1 2:0-1 b:1-2")]
    [DataRow("ab\u0001", "a:0-1 b:1-2")]
    public void Dropped_characters_are_attributed_to_the_character_before(string text, string expected) => Assert.AreEqual(expected, Normalize(text, 0));

    [TestMethod]
    [DataRow("\u0001ab", "a:0-1 b:1-2")]
    [DataRow("\u0001\u0002\uFF41z", "a:0-1 z:1-2")]
    [DataRow("\u0001½z", "1:0-1 \u2044:0-1 2:0-1 z:1-2")]
    [DataRow("\u0001\u0002", "")]
    public void Characters_dropped_at_the_beginning_shift_the_offsets(string text, string expected) => Assert.AreEqual(expected, Normalize(text, 0));

    [TestMethod]
    public void Offsets_include_the_origin_of_the_stretch() => Assert.AreEqual("a:7-8 á:8-9 b:10-11", Normalize("aa\u0301b", 7));

    [TestMethod]
    [DataRow("!!", "Base-64")]
    [DataRow("AAAA", "too few")]
    [DataRow("EAAAAAAAAAA=", "16 bytes")]
    public void A_damaged_table_is_refused(string field, string message)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => TinyTokenizer.Load(
            json => json["normalizer"] = new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = field }));
        Assert.Contains("normalizer.precompiled_charsmap", error.Message);
        Assert.Contains(message, error.Message);
    }

    private static string Normalize(string text, int origin)
    {
        var normalized = new NormalizedText();
        normalized.Reset(text, origin);
        new Precompiled(new Charsmap(Table)).Normalize(normalized);
        var position = 0;
        var ranges = new List<string>();
        foreach (var rune in normalized.Chars.EnumerateRunes())
        {
            var (start, end) = normalized.Original(position, position += rune.Utf16SequenceLength);
            ranges.Add($"{(rune.Value == ' ' ? "_" : rune.ToString())}:{start}-{end}");
        }
        return string.Join(' ', ranges);
    }
}
