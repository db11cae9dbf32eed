using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

/// <summary>BPE models compared with the recorded results of Hugging Face tokenizers for the same vocabularies.</summary>
[TestClass]
public class BpeTests
{
    private const string Few = "<unk> a b c ab abc bc";

    private static string Bytes => string.Join(' ', Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"));

    [TestMethod]
    [DataRow("a b,ab c,b c", "abcab", "abc:0-3 ab:3-5")]
    [DataRow("b c,a b", "abcab", "a:0-1 bc:1-3 ab:3-5")]
    public void Pairs_merge_in_the_order_of_the_merges(string merges, string word, string expected) =>
        Assert.AreEqual(expected, Tokenize(Few, merges, "{}", word));

    [TestMethod]
    [DataRow("""{ "unk_token": "<unk>" }""", "abcxyab", "a:0-1 bc:1-3 <unk>:3-4 <unk>:4-5 ab:5-7")]
    [DataRow("""{ "unk_token": "<unk>", "fuse_unk": true }""", "abcxyab", "a:0-1 bc:1-3 <unk>:3-5 ab:5-7")]
    [DataRow("""{ "unk_token": "<unk>" }""", "\U0001F642é", "<unk>:0-2 <unk>:2-3")]
    [DataRow("{}", "aéxbc", "a:0-1 bc:1-2")]
    [DataRow("{}", "aaaaaaaaaaaaaaaaéca", "a:0-1 a:1-2 a:2-3 a:3-4 a:4-5 a:5-6 a:6-7 a:7-8 a:8-9 a:9-10 a:10-11 a:11-12 a:12-13 a:13-14 a:14-15 a:15-16 c:16-17 a:16-17")]
    public void Unknown_characters_become_the_unknown_token_or_are_dropped(string settings, string word, string expected) =>
        Assert.AreEqual(expected, Tokenize(Few, "b c,a b", settings, word));

    [TestMethod]
    public void Unknown_characters_become_bytes_if_all_are_in_the_vocabulary()
    {
        const string settings = """{ "unk_token": "<unk>", "byte_fallback": true, "fuse_unk": true }""";
        Assert.AreEqual(
            "a:0-1 <0xC3>:1-2 <0xA9>:1-2 b:2-3 <0xF0>:3-5 <0x9F>:3-5 <0x98>:3-5 <0x80>:3-5",
            Tokenize("<unk> a b " + Bytes, "", settings, "aéb\U0001F600"));
        Assert.AreEqual(
            "a:0-1 <0xC3>:1-2 <0xA9>:1-2 <0xC3>:2-3 <0xA9>:3-4 <unk>:3-4 b:4-5",
            Tokenize("<unk> a b <0xC3> <0xA9>", "", settings, "aéxéb"));
    }

    [TestMethod]
    public void Affixes_depend_on_the_position_in_the_word()
    {
        Assert.AreEqual("ab</w>:0-2", Tokenize("a b a</w> b</w> ab</w>", "a b</w>", """{ "end_of_word_suffix": "</w>" }""", "ab"));
        Assert.AreEqual(
            "ab:0-2 ##a:2-3 ##b:3-4", Tokenize("a b ##b ##a ab", "a ##b", """{ "continuing_subword_prefix": "##" }""", "abab"));
    }

    [TestMethod]
    public void With_ignore_merges_a_word_in_the_vocabulary_is_one_token()
    {
        Assert.AreEqual("abcab:0-5", Tokenize(Few + " abcab", "a b", """{ "ignore_merges": true }""", "abcab"));
        Assert.AreEqual("ab:0-2 c:2-3 ab:3-5", Tokenize(Few + " abcab", "a b", "{}", "abcab"));
    }

    [TestMethod]
    public void Merges_may_be_pairs_and_of_equal_merges_the_last_wins()
    {
        var json = Json(Few, "", "{}");
        json["merges"] = JsonNode.Parse("""[["a", "b"], ["b", "c"], ["a", "b"]]""");
        Assert.AreEqual("a:0-1 bc:1-3", Tokenize(json, "abc"));
    }

    [TestMethod]
    public void Long_words_are_merged_like_short_ones()
    {
        var random = new Random(3);
        var (vocabulary, merges) = ("a b c d aa ab aaa abab cd abcd dd ddd ▁ ▁a", "a b,ab ab,c d,a a,aa a,ab cd,d d,d dd,▁ a");
        var model = Model(Json(vocabulary, merges, "{}"));
        for (var i = 0; i < 2000; i++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => "aabcddd▁"[random.Next(8)]));
            Assert.AreEqual(Naive(word, merges), string.Join(' ', Pieces(model, word).Select(piece => word[piece.Start..piece.End])), word);
        }
    }

    [TestMethod]
    public void A_word_of_millions_of_characters_takes_no_quadratic_time()
    {
        var model = Model(Json("a b aa aaaa aaaaaaaa", "a a,aa aa,aaaa aaaa", "{}"));
        Assert.HasCount(500_000, Pieces(model, new string('a', 4_000_000)));
    }

    [TestMethod]
    public void Many_threads_get_the_same_tokens()
    {
        var model = Model(Json("a b c ab abc ▁ ▁a", "a b,ab c,▁ a", "{}"));
        string[] words = [.. Enumerable.Range(0, 50).Select(i => string.Concat(Enumerable.Range(0, 40).Select(j => "abc▁"[(i * j + j) % 4])))];
        var expected = words.Select(word => string.Join(' ', Pieces(model, word))).ToArray();
        Parallel.For(0, 5000, i => Assert.AreEqual(expected[i % 50], string.Join(' ', Pieces(model, words[i % 50]))));
    }

    [TestMethod]
    [DataRow("""{ "merges": ["a b", "a x"] }""", "merge 1", "'a x'", "lacks 'x'")]
    [DataRow("""{ "merges": ["a b", "b b"] }""", "merge 1", "'b b'", "lacks 'bb'")]
    [DataRow("""{ "merges": ["a b", "a b c"] }""", "merge 1", "a b c", "two tokens")]
    [DataRow("""{ "merges": ["a b", ["a"]] }""", "merge 1", "two tokens")]
    [DataRow("""{ "merges": ["a b", " b"] }""", "merge 1", "two tokens")]
    [DataRow("""{ "merges": 7 }""", "an array")]
    [DataRow("""{ "dropout": 0.1 }""", "'dropout' is 0.1", "null or 0")]
    public void Bad_models_are_refused(string change, params string[] words)
    {
        var json = Json(Few, "a b", change);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Model(json)).Message;
        foreach (var word in words)
            Assert.Contains(word, message);
    }

    [TestMethod]
    public void Only_an_unknown_character_needs_the_unknown_token()
    {
        var change = """{ "unk_token": "<nope>" }""";
        Assert.AreEqual("ab:0-2", Tokenize(Few, "a b", change, "ab"));
        Assert.Contains("does not cover 'x' and lacks the unknown token '<nope>'", Assert.ThrowsExactly<InvalidOperationException>(
            () => Tokenize(Few, "a b", change, "ax")).Message);
    }

    [TestMethod]
    public void A_dropout_of_zero_is_accepted() => Assert.AreEqual("ab:0-2", Tokenize(Few, "a b", """{ "dropout": 0.0 }""", "ab"));

    private static string Tokenize(string vocabulary, string merges, string settings, string word) => Tokenize(Json(vocabulary, merges, settings), word);

    private static string Tokenize(JsonObject json, string word)
    {
        var model = Model(json);
        return string.Join(' ', Pieces(model, word).Select(piece => $"{model.Vocabulary.Token(piece.Id)}:{piece.Start}-{piece.End}"));
    }

    private static List<ModelToken> Pieces(IModel model, string word)
    {
        var pieces = new List<ModelToken>();
        model.Tokenize(word, pieces);
        return pieces;
    }

    private static IModel Model(JsonObject json) => PartText.Read(TokenizerParts.Models, json.ToJsonString());

    private static JsonObject Json(string vocabulary, string merges, string settings)
    {
        var ids = new JsonObject();
        foreach (var token in vocabulary.Split(' '))
            ids.Add(token, ids.Count);
        var json = new JsonObject
        {
            ["type"] = "BPE", ["vocab"] = ids, ["merges"] = new JsonArray([.. merges.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(merge => (JsonNode)merge)]),
        };
        foreach (var (name, value) in JsonNode.Parse(settings)!.AsObject())
            json[name] = value?.DeepClone();
        return json;
    }

    // The definition of BPE: searches anew after every merge.
    private static string Naive(string word, string merges)
    {
        var pieces = word.Select(c => c.ToString()).ToList();
        var order = merges.Split(',').ToList();
        while (true)
        {
            var best = Enumerable.Range(0, pieces.Count - 1).Select(i => (Rank: order.IndexOf($"{pieces[i]} {pieces[i + 1]}"), Index: i))
                .Where(pair => pair.Rank >= 0).DefaultIfEmpty((-1, -1)).Min();
            if (best.Item1 < 0)
                return string.Join(' ', pieces);
            pieces[best.Item2] += pieces[best.Item2 + 1];
            pieces.RemoveAt(best.Item2 + 1);
        }
    }
}
