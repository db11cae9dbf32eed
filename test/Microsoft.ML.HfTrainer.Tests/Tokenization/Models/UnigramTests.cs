using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class UnigramTests
{
    private const string Pieces = """["<unk>", 0], ["a", -1], ["b", -2], ["ab", -2.5], ["abc", -9], ["é", -3], ["漢", -4], ["🙂", -4]""";

    [TestMethod]
    [DataRow("ab", "ab:0-2")]
    [DataRow("abb", "ab:0-2 b:2-3")]
    [DataRow("abc", "abc:0-3")]
    [DataRow("aé漢🙂b", "a:0-1 é:1-2 漢:2-3 🙂:3-5 b:5-6")]
    [DataRow("xyb", "xy=<unk>:0-2 b:2-3")]
    [DataRow("a🙃x🙃b", "a:0-1 🙃x🙃=<unk>:1-6 b:6-7")]
    [DataRow("c", "c=<unk>:0-1")]
    [DataRow("<unk>", "<unk>:0-5")]
    [DataRow("<unk>x", "<unk>x=<unk>:0-6")]
    public void The_most_likely_pieces_cover_a_word(string word, string expected) => Assert.AreEqual(expected, Tokenize(Pieces, "", word));

    [TestMethod]
    public void Of_equal_paths_the_one_with_the_longest_last_piece_wins()
    {
        const string Digits = """["<unk>", 0], ["0", -2], ["00", -2], ["000", -4]""";
        Assert.AreEqual("000:0-3", Tokenize(Digits, "", "000"));
        Assert.AreEqual("0:0-1 00:1-3", Tokenize(Digits.Replace("-4", "-9"), "", "000"));
    }

    [TestMethod]
    public void Unknown_text_falls_back_to_bytes_if_all_are_in_the_vocabulary()
    {
        var bytes = Pieces + """, ["<0xC3>", 0], ["<0xA4>", 0], ["<0x78>", 0]""";
        Assert.AreEqual("a:0-1 <0x78>:1-3 <0xC3>:1-3 <0xA4>:1-3", Tokenize(bytes, "\"byte_fallback\": true,", "axä"));
        Assert.AreEqual("xäy=<unk>:0-3", Tokenize(bytes, "\"byte_fallback\": true,", "xäy"));
        Assert.AreEqual("xä=<unk>:0-2", Tokenize(bytes, "", "xä"));
    }

    // Read as correctly rounded numbers, the scores give 1 2 3 3.
    [TestMethod]
    public void Scores_are_rounded_as_in_Hugging_Face_tokenizers() => CollectionAssert.AreEqual(
        new[] { 1, 3, 3, 2 },
        HfTokenizer.FromFiles("tiny", new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = System.Text.Encoding.UTF8.GetBytes("""
                { "model": { "type": "Unigram", "unk_id": 0, "vocab":
                  [["<unk>", 0], ["▁", -3.3942208290100098], ["x", -6.4746785163879395], ["xx", -9.012060165405273]] } }
                """),
        }).Encode("▁xxxxx").Ids);

    [TestMethod]
    public void Of_equal_pieces_the_last_wins() =>
        Assert.AreEqual("a:0-1", Tokenize("""["<unk>", 0], ["a", -1], ["a", -2]""", "", "a", model => Assert.AreEqual(2, model.Vocabulary.Find("a"))));

    [TestMethod]
    public void A_character_without_a_piece_needs_an_unknown_token()
    {
        Assert.AreEqual("a:0-1", Tokenize(Pieces, "\"unk_id\": null,", "a"));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Tokenize(Pieces, "\"unk_id\": null,", "a🙃"));
        Assert.Contains("U+1F643", error.Message);
    }

    [TestMethod]
    public void A_long_word_is_split_like_a_short_one()
    {
        var model = Read(Pieces, "");
        var tokens = new List<ModelToken>();
        model.Tokenize(string.Concat(Enumerable.Repeat("abx", 1_000_000)), tokens);
        Assert.HasCount(2_000_000, tokens);
        Assert.AreEqual(new ModelToken(3, 2_999_997, 2_999_999), tokens[^2]);
        Assert.AreEqual(new ModelToken(0, 2_999_999, 3_000_000, "x"), tokens[^1]);
    }

    [TestMethod]
    public void A_cached_word_has_the_same_tokens()
    {
        var model = Read(Pieces, "");
        List<ModelToken> first = [], second = [new(9, 0, 1)];
        model.Tokenize("abx", first);
        model.Tokenize("abx", second);
        CollectionAssert.AreEqual(first, second[1..]);
    }

    [TestMethod]
    [DataRow("""["a", -1], ["b"]""", "", "the piece 1 is [\"b\"]")]
    [DataRow("""["a", null]""", "", "[\"a\", null]")]
    [DataRow("""["a", 1e999]""", "", "1e999")]
    [DataRow("""["a", -1]""", "\"unk_id\": 1,", "1 pieces")]
    [DataRow("", "", "0 pieces")]
    [DataRow("""["a", -1]""", "\"unk_id\": -1,", "'unk_id' is -1")]
    public void A_damaged_vocabulary_is_refused(string pieces, string fields, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<InvalidDataException>(() => Read(pieces, fields)).Message);

    private static string Tokenize(string pieces, string fields, string word, Action<Unigram>? check = null)
    {
        var model = Read(pieces, fields);
        check?.Invoke(model);
        var tokens = new List<ModelToken>();
        model.Tokenize(word, tokens);
        return string.Join(' ', tokens.Select(token =>
            $"{(token.Surface is null ? "" : token.Surface + "=")}{model.Vocabulary.Token(token.Id)}:{token.Start}-{token.End}"));
    }

    private static Unigram Read(string pieces, string fields)
    {
        var unknown = fields.Contains("unk_id") ? "" : "\"unk_id\": 0,";
        using var json = JsonDocument.Parse($$"""{ "type": "Unigram", {{unknown}} {{fields}} "vocab": [{{pieces}}] }""");
        return Unigram.Read(new PartReader(json.RootElement.Clone(), "model", new LoadContext("tiny", "tokenizer.json")));
    }
}
