using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

/// <summary>A BERT tokenizer with a small vocabulary, whose files a test can change before they are loaded.</summary>
internal static class TinyTokenizer
{
    public const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nsea\n##side\nis\ncalm\n.\n##s\nrun\n";

    public static HfTokenizer Load(Action<JsonObject>? change = null, string configuration = "{}") =>
        HfTokenizer.FromFiles("tiny", Files(change, configuration));

    public static Dictionary<string, byte[]> Files(Action<JsonObject>? change = null, string configuration = "{}")
    {
        var json = Json();
        change?.Invoke(json);
        return new()
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes(json.ToJsonString()),
            ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
        };
    }

    public static Dictionary<string, byte[]> TextFiles(string vocabulary = Vocabulary, string configuration = "{}") => new()
    {
        ["vocab.txt"] = Encoding.UTF8.GetBytes(vocabulary),
        ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
    };

    private static JsonObject Json()
    {
        var json = JsonNode.Parse("""
            {
              "added_tokens": [
                { "id": 0, "content": "[PAD]", "special": true }, { "id": 1, "content": "[UNK]", "special": true },
                { "id": 2, "content": "[CLS]", "special": true }, { "id": 3, "content": "[SEP]", "special": true },
                { "id": 4, "content": "[MASK]", "special": true }
              ],
              "normalizer": { "type": "BertNormalizer", "lowercase": true },
              "pre_tokenizer": { "type": "BertPreTokenizer" },
              "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] },
              "decoder": { "type": "WordPiece", "prefix": "##", "cleanup": true },
              "model": { "type": "WordPiece", "unk_token": "[UNK]", "vocab": {} }
            }
            """)!.AsObject();
        var vocabulary = json["model"]!["vocab"]!.AsObject();
        foreach (var token in Vocabulary.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            vocabulary.Add(token, vocabulary.Count);
        return json;
    }
}
