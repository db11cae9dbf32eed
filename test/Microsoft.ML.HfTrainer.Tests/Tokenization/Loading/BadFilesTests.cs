using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

/// <summary>Every message names the tokenizer and the file, and says what was found.</summary>
[TestClass]
public class BadFilesTests
{
    [TestMethod]
    public void Broken_json()
    {
        var files = TinyTokenizer.Files();
        files["tokenizer.json"] = files["tokenizer.json"][..200];
        AssertRefused(files, "tokenizer.json", "not valid JSON", "line 1");
        files["tokenizer.json"] = Encoding.UTF8.GetBytes("[]");
        AssertRefused(files, "tokenizer.json", "one JSON object");
        files["tokenizer.json"] = Encoding.UTF8.GetBytes(new string('[', 100_000));
        AssertRefused(files, "tokenizer.json", "64 levels");
    }

    [TestMethod]
    public void A_string_that_is_not_valid_Unicode()
    {
        var files = TinyTokenizer.Files();
        var text = Encoding.UTF8.GetString(files["tokenizer.json"]);
        files["tokenizer.json"] = Encoding.UTF8.GetBytes(text.Replace("\"calm\"", "\"\\uDE42\""));
        AssertRefused(files, "tokenizer.json", $"byte {text.IndexOf("\"calm\"", StringComparison.Ordinal)}", "surrogate");
        files["tokenizer.json"] = Encoding.Latin1.GetBytes(text.Replace("\"calm\"", "\"cälm\""));
        AssertRefused(files, "tokenizer.json", "not UTF-8");
        files["tokenizer.json"] = Encoding.UTF8.GetBytes(text.Replace("\"calm\"", "\"\\uD83D\\uDE42\""));
        Assert.AreEqual("🙂", HfTokenizer.FromFiles("tiny", files).IdToToken(9));
    }

    [TestMethod]
    public void A_missing_field() => AssertRefused(TinyTokenizer.Files(json => Model(json).Remove("vocab")), "tokenizer.json", "model", "'vocab' is missing");

    [TestMethod]
    public void A_value_of_the_wrong_kind()
    {
        AssertRefused(TinyTokenizer.Files(json => json["normalizer"]!["lowercase"] = "yes"), "normalizer.lowercase", "\"yes\"", "true or false");
        AssertRefused(TinyTokenizer.Files(json => json["added_tokens"]![1]!["id"] = 1.5), "added_tokens[1].id", "1.5", "integer");
        AssertRefused(TinyTokenizer.Files(configuration: """{ "model_max_length": "512" }"""), "tokenizer_config.json", "\"512\"");
        AssertRefused(TinyTokenizer.Files(configuration: """{ "padding_side": "top" }"""), "tokenizer_config.json", "'top'", "'left' or 'right'");
        AssertRefused(TinyTokenizer.Files(configuration: """{ "added_tokens_decoder": 7 }"""), "tokenizer_config.json", "added_tokens_decoder", "an object");
    }

    [TestMethod]
    public void A_vocabulary_that_is_not_text()
    {
        var files = TinyTokenizer.TextFiles();
        files["vocab.txt"] = [0x80, 0xFF];
        AssertRefused(files, "vocab.txt", "UTF-8");
    }

    [TestMethod]
    public void Parts_that_are_not_registered_are_all_named()
    {
        var files = TinyTokenizer.Files(json =>
        {
            json["normalizer"] = JsonNode.Parse("""{ "type": "Sequence", "normalizers": [{ "type": "NFC" }, { "type": "Nonsense" }] }""");
            json["decoder"] = JsonNode.Parse("""{ "type": "Fuse3" }""");
        });
        var error = Assert.ThrowsExactly<MissingPartException>(() => HfTokenizer.FromFiles("tiny", files));
        CollectionAssert.AreEqual(new[] { "Nonsense", "Fuse3" }, error.Parts.ToArray());
        Assert.Contains("'Nonsense' (normalizer.normalizers[1]), 'Fuse3' (decoder)", error.Message);
    }

    private static void AssertRefused(Dictionary<string, byte[]> files, params string[] words)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => HfTokenizer.FromFiles("tiny", files)).Message;
        foreach (var word in words.Append("'tiny'"))
            Assert.Contains(word, message);
    }

    private static JsonObject Model(JsonObject json) => json["model"]!.AsObject();
}
