using System.Text;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

/// <summary>
/// What the classes of transformers 5.24 make of a SentencePiece model and a configuration, recorded from them: the number of tokens, and
/// the ids of four texts and of a pair.
/// </summary>
[TestClass]
public class PieceLayoutTests
{
    private const string XlmRoberta = "own-xlm-roberta/sentencepiece.bpe.model";

    private static readonly string[] Texts = ["The sea is calm.", "Hello,  w\u00f6rld! \u4f60\u597d", " A\ttrip\nto <s>the</s> sea <mask> now ", "\u2581x \u2581 Y"];

    [TestMethod]
    [DataRow(XlmRoberta, "sentencepiece.bpe.model", 1005,
        """{"tokenizer_class": "CamembertTokenizer"}""",
        "5 121 111 71 441 7 381 7 396 138 53 16 6",
        "5 602 17 849 80 9 32 633 634 36 7 3 6",
        "5 188 7 251 28 62 80 5 8 6 71 441 1004 63 325 6",
        "5 7 173 7 7 253 6",
        "5 121 111 71 441 7 381 7 396 138 53 16 6 6 602 17 849 80 9 32 633 634 36 7 3 6")]
    [DataRow(XlmRoberta, "sentencepiece.bpe.model", 1027,
        """{"tokenizer_class": "MBartTokenizer"}""",
        "118 108 68 438 4 378 4 393 135 50 13 2 1004",
        "599 14 846 77 6 29 630 631 33 4 3 2 1004",
        "185 4 248 25 59 77 0 5 2 68 438 1026 60 322 2 1004",
        "4 170 4 4 250 2 1004",
        "118 108 68 438 4 378 4 393 135 50 13 599 14 846 77 6 29 630 631 33 4 3 2 1004")]
    [DataRow(XlmRoberta, "sentencepiece.bpe.model", 1027,
        """{"tokenizer_class": "MBartTokenizer", "src_lang": "de_DE"}""",
        "118 108 68 438 4 378 4 393 135 50 13 2 1003",
        "599 14 846 77 6 29 630 631 33 4 3 2 1003",
        "185 4 248 25 59 77 0 5 2 68 438 1026 60 322 2 1003",
        "4 170 4 4 250 2 1003",
        "118 108 68 438 4 378 4 393 135 50 13 599 14 846 77 6 29 630 631 33 4 3 2 1003")]
    [DataRow(XlmRoberta, "sentencepiece.bpe.model", 1002,
        """{"tokenizer_class": "XLMRobertaTokenizerFast", "add_prefix_space": false}""",
        "0 268 108 55 438 378 393 135 50 13 2",
        "0 989 14 846 77 6 322 630 631 33 3 2",
        "0 990 248 25 8 77 0 176 2 55 438 1001 167 322 2",
        "0 4 170 4 250 2",
        "0 268 108 55 438 378 393 135 50 13 2 2 989 14 846 77 6 322 630 631 33 3 2")]
    [DataRow(XlmRoberta, "spiece.model", 1004,
        """{"tokenizer_class": "T5Tokenizer", "extra_ids": 3}""",
        "117 107 67 437 3 377 3 392 134 49 12 2",
        "598 13 845 76 5 28 629 630 32 3 2 2",
        "184 3 247 24 58 76 1 4 2 67 437 3 2 49 25 999 2 59 321 2",
        "3 169 3 3 249 2",
        "117 107 67 437 3 377 3 392 134 49 12 2 598 13 845 76 5 28 629 630 32 3 2 2")]
    [DataRow(XlmRoberta, "spiece.model", 1005,
        """{"tokenizer_class": "T5Tokenizer", "additional_special_tokens": ["<a>", "sea"], "extra_ids": 2}""",
        "117 107 1004 3 377 3 392 134 49 12 2",
        "598 13 845 76 5 28 629 630 32 3 2 2",
        "184 3 247 24 58 76 3 1 175 2 1004 3 2 49 25 999 2 59 321 2",
        "3 169 3 3 249 2",
        "117 107 1004 3 377 3 392 134 49 12 2 598 13 845 76 5 28 629 630 32 3 2 2")]
    [DataRow(XlmRoberta, "spiece.model", 1001,
        """{"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "eos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": true, "rstrip": true, "normalized": false, "single_word": false}}""",
        "117 107 67 437 3 377 3 392 134 49 12 2",
        "598 13 845 76 5 28 629 630 32 3 2 2",
        "184 3 247 24 58 76 1 4 2 67 437 3 2 49 25 999 2 59 321 2",
        "3 169 3 3 249 2",
        "117 107 67 437 3 377 3 392 134 49 12 2 598 13 845 76 5 28 629 630 32 3 2 2")]
    public void Ids_are_those_of_the_class(string model, string name, int count, string configuration, string first, string second, string third, string fourth, string pair)
    {
        var tokenizer = Load(model, name, configuration);
        Assert.AreEqual(count, tokenizer.VocabularySize);
        string[] expected = [first, second, third, fourth, pair];
        Assert.AreSequenceEqual(expected, [.. Texts.Select(text => Ids(tokenizer, text)), Ids(tokenizer, Texts[0], Texts[1])]);
    }

    [TestMethod]
    public void Tokens_of_the_other_files_are_added()
    {
        var files = Files(XlmRoberta, "spiece.model", """{ "tokenizer_class": "T5Tokenizer", "extra_ids": 2 }""");
        files["added_tokens.json"] = Encoding.UTF8.GetBytes("""{ "<new>": 1002, "Sea": 1003 }""");
        files["special_tokens_map.json"] = Encoding.UTF8.GetBytes("""{ "pad_token": "<new>", "additional_special_tokens": ["Sea"] }""");
        var tokenizer = HfTokenizer.FromFiles("tiny", files);
        Assert.AreEqual(("6 1002 1003 67 437 2", "1003 1002 2"), (Ids(tokenizer, "a <new>Sea sea"), Ids(tokenizer, "Sea<new>")));
        Assert.AreEqual((1002, 1004, "Sea"), (tokenizer.PadTokenId, tokenizer.VocabularySize, tokenizer.Decode([1003, 1002, 2])));
    }

    [TestMethod]
    public void The_code_of_a_language_is_that_of_the_configuration_or_of_the_call()
    {
        var tokenizer = Load(XlmRoberta, "sentencepiece.bpe.model", """{ "tokenizer_class": "MBartTokenizer", "src_lang": "de_DE", "tgt_lang": "ro_RO" }""");
        Assert.AreEqual((1003, 1020, 1008), (Last(new()), Last(new() { AsTarget = true }), Last(new() { AsTarget = true, Language = "fr_XX" })));
        Assert.AreEqual(tokenizer.TokenToId("en_XX"), Last(new() { Language = "en_XX", AddSpecialTokens = true }));
        var untold = Load(XlmRoberta, "sentencepiece.bpe.model", """{ "tokenizer_class": "MBartTokenizer" }""");
        Assert.AreEqual(untold.TokenToId("en_XX"), untold.Encode("sea", options: new() { AsTarget = true }).Ids[^1]);
        Assert.Contains("'sea'", Assert.ThrowsExactly<ArgumentException>(() => Last(new() { Language = "sea" })).Message);
        var other = Load(XlmRoberta, "spiece.model", "{}");
        Assert.Contains("no code", Assert.ThrowsExactly<ArgumentException>(() => other.Encode("sea", options: new() { Language = "de_DE" })).Message);

        int Last(EncodeOptions options) => tokenizer.Encode("sea", "now", options).Ids[^1];
    }

    [TestMethod]
    public void A_class_without_a_layout_is_refused() => Assert.Contains("'BigBirdTokenizer': only for AlbertTokenizer,",
        Assert.ThrowsExactly<NotSupportedException>(() => Load(XlmRoberta, "spiece.model", """{ "tokenizer_class": "BigBirdTokenizer" }""")).Message);

    [TestMethod]
    public void A_layout_says_what_it_needs()
    {
        Assert.Contains("a eos_token", Refused(Files(XlmRoberta, "spiece.model", """{ "tokenizer_class": "T5Tokenizer", "eos_token": null }""")));
        Assert.Contains("'xx_XX'", Refused(Files(XlmRoberta, "sentencepiece.bpe.model", """{ "tokenizer_class": "MBartTokenizer", "src_lang": "xx_XX" }""")));
        Assert.Contains("1 pieces, but the unknown one is to have the id 2",
            Refused(new() { ["spiece.model"] = new PieceFile().Add(2, 0, "<unk>").ToArray(), ["tokenizer_config.json"] = "{ \"extra_ids\": 0 }"u8.ToArray() }));
    }

    private static string Refused(Dictionary<string, byte[]> files) => Assert.ThrowsExactly<InvalidDataException>(() => HfTokenizer.FromFiles("tiny", files)).Message;

    private static string Ids(HfTokenizer tokenizer, string text, string? pair = null) => string.Join(' ', tokenizer.Encode(text, pair).Ids);

    private static HfTokenizer Load(string model, string name, string configuration) => HfTokenizer.FromFiles("tiny", Files(model, name, configuration));

    private static Dictionary<string, byte[]> Files(string model, string name, string configuration) => new()
    {
        [name] = File.ReadAllBytes(Path.Combine(GoldenFolder.Repository, "test/Fixtures/golden/tokenizers", model)),
        ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
    };
}
