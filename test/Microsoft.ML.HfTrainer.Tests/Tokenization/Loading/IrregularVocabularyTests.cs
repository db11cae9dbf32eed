using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

/// <summary>Irregular vocabularies and declared tokens, with the ids and vocabulary sizes of Hugging Face Transformers 5.24.</summary>
[TestClass]
public class IrregularVocabularyTests
{
    private const string Special = "[PAD]|[UNK]|[CLS]|[SEP]|[MASK]|";

    [TestMethod]
    [DataRow(Special + "up|down|up", "", "up down", "2 7 6 3", 7, DisplayName = "Of equal lines the last wins")]
    [DataRow(Special + "up |down\t", "", "up down", "2 5 6 3", 7, DisplayName = "Trailing whitespace is ignored")]
    [DataRow(Special + "up||down", "", "up down", "2 5 7 3", 8, DisplayName = "An empty line has an id")]
    [DataRow("\ufeff" + Special + "up|down", "", "up down [PAD]", "2 5 6 7 3", 8, DisplayName = "A byte order mark belongs to the first token")]
    [DataRow(Special + "up\r|down\r", "", "up down", "2 5 6 3", 7, DisplayName = "Lines of Windows")]
    [DataRow(Special + "up|||down|", "", "up down", "2 5 8 3", 8, DisplayName = "Empty lines are one token")]
    [DataRow("[PAD]|[CLS]|[SEP]|[MASK]|up|down", "", "up down", "1 4 5 2", 7, DisplayName = "A missing unknown token is added")]
    [DataRow("[PAD]|[UNK]|up|down", "", "up down", "5 2 3 4", 7, DisplayName = "Missing tokens of the template are added")]
    [DataRow("up|down", "", "up down", "5 0 1 3", 7, DisplayName = "All missing special tokens are added")]
    [DataRow(Special + "up|down", """ "pad_token": "<p>" """, "up <p>", "2 5 7 3", 8, DisplayName = "A configured role that the file lacks")]
    [DataRow(Special + "up|down|up", """ "pad_token": "<p>" """, "up <p>", "2 7 7 3", 8, DisplayName = "An added token may share an id")]
    [DataRow(Special + "up|down", """ "mask_token": null """, "down [MASK] up", "2 6 1 1 1 5 3", 7, DisplayName = "A role without a token")]
    [DataRow(Special + "up|down", """ "additional_special_tokens": ["<a>", "<b>"] """, "up <a> down", "2 5 7 6 3", 9)]
    [DataRow(Special + "up|down", """ "extra_special_tokens": { "image_token": "<image>" } """, "up <image>", "2 5 7 3", 8)]
    [DataRow(Special + "up|down", """ "extra_special_tokens": ["<x>"] """, "up <x>", "2 5 7 3", 8)]
    [DataRow(Special + "up|down", """ "image_token": "<i>", "extra_special_tokens": ["<x>"] """, "up <i> <x>", "2 5 7 8 3", 9)]
    [DataRow(Special + "up|down", """ "extra_special_tokens": { "image_token": "<x>", "z_token": "<z>" }, "additional_special_tokens": ["<y>", "<x>"] """, "<x> <y> <z>", "2 7 9 8 3", 10)]
    [DataRow(Special + "up|down", """ "bos_token": "<s>", "eos_token": "</s>" """, "Up", "2 5 3", 9)]
    [DataRow(Special + "up|down", """ "added_tokens_decoder": { "9": { "content": "<t>", "special": true } } """, "up <t>", "2 5 7 3", 8)]
    [DataRow(Special + "up|down", """ "added_tokens_decoder": { "5": { "content": "<t>", "special": true } } """, "up <t>", "2 5 7 3", 8)]
    public void Vocabulary_text(string vocabulary, string configuration, string text, string ids, int size)
    {
        var fields = configuration.Length == 0 ? "" : "," + configuration;
        var tokenizer = HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(
            vocabulary.Replace('|', '\n') + "\n", $$"""{ "tokenizer_class": "BertTokenizer"{{fields}} }"""));
        Assert.AreEqual(ids, string.Join(' ', tokenizer.Encode(text).Ids));
        Assert.AreEqual(size, tokenizer.VocabularySize);
    }

    [TestMethod]
    [DataRow("added_tokens.json", """{ "<new>": 9 }""", "2 5 7 3")]
    [DataRow("added_tokens.json", """{ "<old>": 7, "<new>": 7 }""", "2 5 7 3", DisplayName = "Of two tokens with one number the last counts")]
    [DataRow("special_tokens_map.json", """{ "pad_token": "<new>" }""", "2 5 7 3")]
    [DataRow("special_tokens_map.json", """{ "additional_special_tokens": ["<new>"] }""", "2 5 7 3")]
    [DataRow("special_tokens_map.json", """{ "extra_special_tokens": ["<new>"] }""", "2 5 7 3")]
    [DataRow("special_tokens_map.json", """{ "image_token": "<new>" }""", "2 5 7 3")]
    public void Tokens_of_the_other_files_are_added(string file, string content, string ids)
    {
        var files = TinyTokenizer.TextFiles("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nup\ndown\n");
        files[file] = Encoding.UTF8.GetBytes(content);
        Assert.AreEqual(ids, string.Join(' ', HfTokenizer.FromFiles("tiny", files).Encode("up <new>").Ids));
    }

    [TestMethod]
    [DataRow(""" "additional_special_tokens": ["<x>"] """, """{ "additional_special_tokens": ["<y>"] }""", "2 7 1 1 1 3")]
    [DataRow(""" "extra_special_tokens": { "image_token": "<x>" } """, """{ "additional_special_tokens": ["<y>"] }""", "2 7 8 3")]
    [DataRow(""" "added_tokens_decoder": { "0": { "content": "[PAD]", "special": true } } """, """{ "additional_special_tokens": ["<y>"] }""", "2 1 1 1 1 1 1 3")]
    public void A_list_of_the_configuration_replaces_that_of_the_map(string configuration, string map, string ids)
    {
        var files = TinyTokenizer.TextFiles("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nup\ndown\n", $$"""{ "tokenizer_class": "BertTokenizer", {{configuration}} }""");
        files["special_tokens_map.json"] = Encoding.UTF8.GetBytes(map);
        Assert.AreEqual(ids, string.Join(' ', HfTokenizer.FromFiles("tiny", files).Encode("<x> <y>").Ids));
    }

    [TestMethod]
    public void Naming_one_role_leaves_the_defaults_of_the_others()
    {
        var tokenizer = HfTokenizer.FromFiles("tiny", TinyTokenizer.Files(configuration: """{ "tokenizer_class": "BertTokenizerFast", "pad_token": "<p>" }"""));
        Assert.AreEqual(("<p>", 13, "[MASK]", "[SEP]"), (tokenizer.PadToken, tokenizer.PadTokenId, tokenizer.MaskToken, tokenizer.SepToken));
    }

    [TestMethod]
    public void Only_an_unknown_word_needs_the_unknown_token()
    {
        var tokenizer = Json("""{ "up": 1, "down": 2 }""", "", "");
        Assert.AreEqual("1 2", string.Join(' ', tokenizer.Encode("up down").Ids));
        Assert.Contains("'[UNK]'", Assert.ThrowsExactly<InvalidOperationException>(() => tokenizer.Encode("up none")).Message);
    }

    [TestMethod]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "9 <a>", "", "up <a>", "1 3", 4, DisplayName = "An id beyond the next one")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "1 <a>", "", "up <a>", "1 3", 4, DisplayName = "An id of the vocabulary")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "9 <a> 4 <b>", "", "up <a> <b>", "1 3 4", 5, DisplayName = "Tokens are numbered in order")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "3 <a> 3 <b>", "", "up <a> <b>", "1 3 4", 5, DisplayName = "One id twice")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "3 <a> 4 <a> 5 <b>", "", "up <a> <b>", "1 3 4", 5, DisplayName = "One token twice")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "5 up", "", "up down", "1 2", 3, DisplayName = "Another id than in the vocabulary")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 5 }""", "6 <a>", "", "up down <a>", "1 5 3", 4, DisplayName = "A missing id")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 3 }""", "4 <a>", "", "up down <a>", "1 3 3", 4, DisplayName = "A shared id")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 1 }""", "", "", "up down", "1 1", 3, DisplayName = "Two entries with one id")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2, "up": 3 }""", "", "", "up down", "3 2", 3, DisplayName = "One entry twice")]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "", """ "pad_token": "<p>" """, "up <p>", "1 3", 4)]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "3 <a>", """ "pad_token": "<p>", "extra_special_tokens": ["<e>"] """, "up <p> <a>", "1 4 3", 6)]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "", """ "image_token": "<img>" """, "up <img>", "1 3", 4)]
    [DataRow("""{ "[UNK]": 0, "up": 1, "down": 2 }""", "", """ "added_tokens_decoder": { "3": { "content": "<p>", "special": true } } """, "up <p>", "1 3", 4)]
    public void Tokenizer_json(string vocabulary, string added, string configuration, string text, string ids, int size)
    {
        var tokenizer = Json(vocabulary, added, configuration);
        Assert.AreEqual(ids, string.Join(' ', tokenizer.Encode(text).Ids));
        Assert.AreEqual(size, tokenizer.VocabularySize);
    }

    [TestMethod]
    public void Offsets_are_trimmed_for_ids_beyond_the_vocabulary_size() => Assert.AreEqual((1, 3), TinyTokenizer.Load(json =>
    {
        json["model"]!["vocab"]!["sea"] = 99;
        json["post_processor"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "type": "ByteLevel", "trim_offsets": true }""");
    }).Encode(" sea").Offsets is [(var start, var end)] ? (start, end - start) : default);

    [TestMethod]
    public void A_template_may_have_ids_beyond_the_vocabulary() => CollectionAssert.AreEqual(
        new[] { 2, 6, 99 }, TinyTokenizer.Load(json => json["post_processor"]!["sep"]![1] = 99).Encode("sea").Ids);

    private static HfTokenizer Json(string vocabulary, string added, string configuration)
    {
        var words = added.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tokens = string.Join(',', words.Chunk(2).Select(token => $$"""{ "id": {{token[0]}}, "content": "{{token[1]}}", "special": true }"""));
        var fields = configuration.Length == 0 ? "" : "," + configuration;
        return HfTokenizer.FromFiles("tiny", new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes($$"""
                { "added_tokens": [{{tokens}}], "pre_tokenizer": { "type": "Whitespace" },
                  "model": { "type": "WordPiece", "unk_token": "[UNK]", "vocab": {{vocabulary}} } }
                """),
            ["tokenizer_config.json"] = Encoding.UTF8.GetBytes($$"""{ "tokenizer_class": "PreTrainedTokenizerFast"{{fields}} }"""),
        });
    }
}
