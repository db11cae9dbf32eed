using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class ByteLevelBpeTests
{
    [TestMethod]
    public void Byte_tokens_have_the_offsets_of_their_characters()
    {
        var encoding = Load().Encode("an é\U0001F642 an");
        CollectionAssert.AreEqual(new[] { "an", "Ġ", "Ã©", "ð", "Ł", "Ļ", "Ĥ", "Ġan" }, encoding.Tokens);
        CollectionAssert.AreEqual(new[] { (0, 2), (2, 3), (3, 4), (4, 6), (4, 6), (4, 6), (4, 6), (6, 9) }, encoding.Offsets);
        CollectionAssert.AreEqual(new int?[] { 0, 1, 1, 2, 2, 2, 2, 3 }, encoding.WordIds);
    }

    [TestMethod]
    public void Converting_to_bytes_in_the_model_equals_converting_in_the_pre_tokenizer()
    {
        // If a step that does nothing follows, the pre-tokenizer itself converts to bytes.
        var (inModel, before) = (Load(), Load(json => json["pre_tokenizer"] = JsonNode.Parse(
            """{ "type": "Sequence", "pretokenizers": [{ "type": "ByteLevel", "add_prefix_space": false }, { "type": "CharDelimiterSplit", "delimiter": "\u0000" }] }""")));
        var random = new Random(5);
        string[] parts = ["an", " ", "é", "e\u0301", "\U0001F642", "\uD800", "\0", "\u00AD", "ü", "n", "  ", "日本", "1", "'s"];
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => parts[random.Next(parts.Length)]));
            var (expected, actual) = (before.Encode(text), inModel.Encode(text));
            CollectionAssert.AreEqual(expected.Ids, actual.Ids, text);
            CollectionAssert.AreEqual(expected.Offsets, actual.Offsets, text);
            Assert.AreEqual(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), inModel.Decode(actual.Ids));
        }
    }

    private static HfTokenizer Load(Action<JsonObject>? change = null)
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary.Add(Microsoft.ML.HfTrainer.Tokenization.Text.ByteAlphabet.Char((byte)value).ToString(), vocabulary.Count);
        foreach (var token in new[] { "an", "Ã©", "Ġan" })
            vocabulary.Add(token, vocabulary.Count);
        var json = new JsonObject
        {
            ["pre_tokenizer"] = JsonNode.Parse("""{ "type": "ByteLevel", "add_prefix_space": false }"""),
            ["decoder"] = JsonNode.Parse("""{ "type": "ByteLevel" }"""),
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray("a n", "Ã ©", "Ġ an") },
        };
        change?.Invoke(json);
        return HfTokenizer.FromFiles("tiny", new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(json.ToJsonString()) });
    }
}
