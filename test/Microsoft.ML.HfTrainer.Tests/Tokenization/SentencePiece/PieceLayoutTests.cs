using System.Text;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

/// <summary>
/// The results of the tokenizer classes of Hugging Face Transformers 5.24 for a SentencePiece model and a configuration, as recorded: the number of
/// tokens, and the ids of four texts and of a pair.
/// </summary>
[TestClass]
public class PieceLayoutTests
{
    private const string XlmRoberta = "own-xlm-roberta/sentencepiece.bpe.model", Llama = "own-llama2-nonlegacy/tokenizer.model", Pegasus = "";

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
    [DataRow(Pegasus, "spiece.model", 30,
        """{"tokenizer_class": "PegasusTokenizer", "offset": 9}""",
        "19 20 17 14 15 21 22 23 24 1",
        "29 17 27 27 28 26 12 11 27 11 12 11 1",
        "12 11 12 11 28 12 11 16 11 20 17 1 14 12 11 23 18 16 11 12 11 28 11 12 1",
        "25 12 12 12 11 1",
        "19 20 17 14 15 21 22 23 24 29 17 27 27 28 26 12 11 27 11 12 11 1")]
    [DataRow(Pegasus, "spiece.model", 124,
        """{"tokenizer_class": "PegasusTokenizer", "mask_token": "<mask_2>", "mask_token_sent": "<mask_1>"}""",
        "113 114 111 108 109 115 116 117 118 1",
        "123 111 121 121 122 120 106 105 121 105 106 105 1",
        "106 105 106 105 122 106 105 110 105 114 111 1 108 106 105 117 112 110 105 106 105 122 105 106 1",
        "119 106 106 106 105 1",
        "113 114 111 108 109 115 116 117 118 123 111 121 121 122 120 106 105 121 105 106 105 1")]
    [DataRow(XlmRoberta, "spiece.model", 1004,
        """{"tokenizer_class": "AlbertTokenizer", "keep_accents": true, "do_lower_case": false, "cls_token": "<s>", "sep_token": "</s>"}""",
        "1 117 107 67 437 3 377 3 392 134 49 12 2",
        "1 598 13 845 76 5 28 629 630 32 3 1 2",
        "1 184 3 247 24 58 76 1 4 2 67 437 3 1 49 25 999 1 59 321 2",
        "1 3 169 3 3 249 2",
        "1 117 107 67 437 3 377 3 392 134 49 12 2 598 13 845 76 5 28 629 630 32 3 1 2")]
    [DataRow(XlmRoberta, "spiece.model", 1004,
        """{"tokenizer_class": "AlbertTokenizer", "cls_token": "<s>", "sep_token": "</s>"}""",
        "1 4 67 437 3 377 3 392 134 49 12 2",
        "1 53 134 76 5 28 123 630 32 3 1 2",
        "1 6 3 247 24 58 76 1 4 2 67 437 3 1 49 25 999 1 59 321 2",
        "1 3 169 3 3 9 2",
        "1 4 67 437 3 377 3 392 134 49 12 2 53 134 76 5 28 123 630 32 3 1 2")]
    [DataRow(XlmRoberta, "spm.model", 1004,
        """{"tokenizer_class": "DebertaV2Tokenizer", "unk_token": "<unk>"}""",
        "1000 117 107 67 437 3 377 3 392 134 49 12 1001",
        "1000 598 13 845 76 5 28 629 630 32 3 0 1001",
        "1000 184 3 247 24 58 76 1 4 2 67 437 3 0 49 25 999 0 59 321 1001",
        "1000 3 169 3 3 3 249 1001",
        "1000 117 107 67 437 3 377 3 392 134 49 12 1001 598 13 845 76 5 28 629 630 32 3 0 1001")]
    [DataRow(XlmRoberta, "spm.model", 1004,
        """{"tokenizer_class": "DebertaV2Tokenizer", "unk_token": "<unk>", "do_lower_case": true, "split_by_punct": true, "add_prefix_space": false}""",
        "1000 4 67 437 3 377 3 392 134 49 12 1001",
        "1000 53 134 76 5 28 629 630 32 3 0 1001",
        "1000 6 3 247 24 58 76 1 175 2 67 437 3 0 49 25 999 0 59 321 1001",
        "1000 3 169 3 3 3 9 1001",
        "1000 4 67 437 3 377 3 392 134 49 12 1001 53 134 76 5 28 629 630 32 3 0 1001")]
    [DataRow(Llama, "tokenizer.model", 1000,
        """{"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": true, "legacy": true}""",
        "1 655 263 694 696 693 300 305 283 706 711 2",
        "1 474 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192 2",
        "1 482 12 697 466 714 13 697 700 693 1 265 2 263 694 696 693 63 706 274 716 65 374 709 693 2",
        "1 693 728 693 693 693 763 2",
        "1 655 263 694 696 693 300 305 283 706 711 2 1 474 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192 2")]
    [DataRow(Llama, "tokenizer.model", 1000,
        """{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""",
        "733 259 263 694 696 693 300 305 283 706 711",
        "746 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192",
        "482 12 697 466 714 13 697 700 693 1 635 2 263 694 696 693 63 706 274 716 65 374 709 693",
        "693 728 693 693 693 763",
        "733 259 263 694 696 693 300 305 283 706 711 746 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192")]
    [DataRow(Llama, "tokenizer.model", 1000,
        """{"tokenizer_class": "GemmaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<unk>", "mask_token": null, "add_bos_token": true}""",
        "1 733 259 263 694 696 693 300 305 283 706 711",
        "1 746 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192",
        "1 482 12 697 466 714 13 697 700 693 1 635 2 263 694 696 693 63 706 274 716 65 374 709 693",
        "1 693 728 693 693 693 763",
        "1 733 259 263 694 696 693 300 305 283 706 711 1 746 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192")]
    [DataRow(Llama, "tokenizer.model", 1000,
        """{"tokenizer_class": "TokenizersBackend", "add_bos_token": true}""",
        "1 655 263 694 696 693 300 305 283 706 711",
        "1 474 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192",
        "1 693 482 12 697 466 714 13 697 700 693 1 265 2 693 263 694 696 693 63 706 274 716 65 374 709 693",
        "1 693 693 728 693 693 693 763",
        "1 655 263 694 696 693 300 305 283 706 711 1 474 418 700 715 693 269 765 698 705 703 721 693 231 192 163 232 168 192")]
    [DataRow(XlmRoberta, "tokenizer.model", 1000,
        """{"tokenizer_class": "TokenizersBackend"}""",
        "117 107 67 437 3 377 3 392 134 49 12",
        "598 13 845 76 5 28 629 630 32 3 0",
        "184 3 247 24 58 76 1 4 2 67 437 3 0 49 25 999 0 59 321",
        "3 3 169 3 3 3 249",
        "117 107 67 437 3 377 3 392 134 49 12 598 13 845 76 5 28 629 630 32 3 0")]
    [DataRow(XlmRoberta, "tokenizer.model", 1000,
        """{"tokenizer_class": "PreTrainedTokenizerFast", "legacy": false}""",
        "117 107 67 437 3 377 3 392 134 49 12",
        "598 13 845 76 5 28 629 630 32 3 0",
        "989 3 247 24 58 76 1 175 2 54 437 3 0 49 25 999 0 59 321",
        "3 169 3 3 3 249",
        "117 107 67 437 3 377 3 392 134 49 12 598 13 845 76 5 28 629 630 32 3 0")]
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
    public void Without_a_class_the_file_name_determines_the_layout()
    {
        Assert.AreEqual("117 107 67 437 3 377 3 392 134 49 12 2", Ids(Load(XlmRoberta, "spiece.model", "{}"), Texts[0]));
        Assert.AreEqual("0 118 108 68 438 4 378 4 393 135 50 13 2", Ids(Load(XlmRoberta, "sentencepiece.bpe.model", "{}"), Texts[0]));
        Assert.AreEqual("1000 117 107 67 437 3 377 3 392 134 49 12 1001", Ids(Load(XlmRoberta, "spm.model", """{ "unk_token": "<unk>" }"""), Texts[0]));
        Assert.AreEqual("655 263 694 696 693 300 305 283 706 711", Ids(Load(Llama, "tokenizer.model", "{}"), Texts[0]));
        var plain = Load(XlmRoberta, "sentencepiece.model", "{}");
        Assert.AreEqual(("117 107 67 437 3 377 3 392 134 49 12", "<s>", "</s>"), (Ids(plain, Texts[0]), plain.BosToken, plain.EosToken));
    }

    [TestMethod]
    public void A_class_has_default_special_tokens()
    {
        var t5 = Load(XlmRoberta, "spiece.model", """{ "tokenizer_class": "T5Tokenizer" }""");
        Assert.AreEqual((null, "</s>", "<pad>", null), (t5.BosToken, t5.EosToken, t5.PadToken, t5.MaskToken));
        Assert.AreEqual(Side.Right, t5.PaddingSide);
        var llama = Load(Llama, "tokenizer.model", """{ "tokenizer_class": "LlamaTokenizer", "eos_token": null }""");
        Assert.AreEqual(("<s>", null, null, Side.Left), (llama.BosToken, llama.EosToken, llama.PadToken, llama.PaddingSide));
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
    public void The_language_code_is_that_of_the_configuration_or_of_the_call()
    {
        var tokenizer = Load(XlmRoberta, "sentencepiece.bpe.model", """{ "tokenizer_class": "MBartTokenizer", "src_lang": "de_DE", "tgt_lang": "ro_RO" }""");
        Assert.AreEqual((1003, 1020, 1008), (Last(new()), Last(new() { AsTarget = true }), Last(new() { AsTarget = true, Language = "fr_XX" })));
        Assert.AreEqual(tokenizer.TokenToId("en_XX"), Last(new() { Language = "en_XX", AddSpecialTokens = true }));
        var untold = Load(XlmRoberta, "sentencepiece.bpe.model", """{ "tokenizer_class": "MBartTokenizer" }""");
        Assert.AreEqual(untold.TokenToId("en_XX"), untold.Encode("sea", options: new() { AsTarget = true }).Ids[^1]);
        Assert.Contains("'sea'", Assert.ThrowsExactly<ArgumentException>(() => Last(new() { Language = "sea" })).Message);
        var other = Load(XlmRoberta, "spiece.model", "{}");
        Assert.Contains("no language codes", Assert.ThrowsExactly<ArgumentException>(() => other.Encode("sea", options: new() { Language = "de_DE" })).Message);

        int Last(EncodeOptions options) => tokenizer.Encode("sea", "now", options).Ids[^1];
    }

    [TestMethod]
    public void A_class_without_a_layout_is_refused() => Assert.Contains("'BigBirdTokenizer', only for AlbertTokenizer,",
        Assert.ThrowsExactly<NotSupportedException>(() => Load(XlmRoberta, "spiece.model", """{ "tokenizer_class": "BigBirdTokenizer" }""")).Message);

    [TestMethod]
    public void Missing_requirements_of_a_layout_are_named()
    {
        Assert.Contains("a eos_token", Refused(Files(XlmRoberta, "spiece.model", """{ "tokenizer_class": "T5Tokenizer", "eos_token": null }""")));
        Assert.Contains("'<oov>'", Refused(Files(Pegasus, "spiece.model", """{ "tokenizer_class": "PegasusTokenizer", "unk_token": "<oov>" }""")));
        Assert.Contains("'xx_XX'", Refused(Files(XlmRoberta, "sentencepiece.bpe.model", """{ "tokenizer_class": "MBartTokenizer", "src_lang": "xx_XX" }""")));
        Assert.Contains("1 pieces, but the unknown piece must have the id 2",
            Refused(new() { ["spiece.model"] = new PieceFile().Add(2, 0, "<unk>").ToArray(), ["tokenizer_config.json"] = "{ \"extra_ids\": 0 }"u8.ToArray() }));
    }

    [TestMethod]
    [DataRow("AlbertTokenizer")]
    [DataRow("CamembertTokenizer")]
    [DataRow("DebertaV2Tokenizer")]
    [DataRow("GemmaTokenizer")]
    [DataRow("LlamaTokenizer")]
    [DataRow("MBartTokenizer")]
    [DataRow("PegasusTokenizer")]
    [DataRow("T5Tokenizer")]
    [DataRow("TokenizersBackend")]
    [DataRow("XLMRobertaTokenizer")]
    public void A_damaged_model_tokenizes_or_is_refused(string tokenizerClass)
    {
        var whole = new PieceFile().Add(3, 0, "<pad>").Add(3, 0, "</s>").Add(2, 0, "<unk>").Add(4, 0, "<x>").Add(1, -1, "\u2581", "\u2581a", "b", "ab", "1,")
            .Trainer(new ProtobufBytes().Number(3, 1).Number(35, 0)).Normalizer(new ProtobufBytes().Number(3, 1).Number(4, 1).Number(5, 1)).ToArray();
        var configuration = Encoding.UTF8.GetBytes($$"""{ "tokenizer_class": "{{tokenizerClass}}" }""");
        var random = new Random(11);
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var files = new Dictionary<string, byte[]> { ["spiece.model"] = Mutation.OfBytes(whole, random), ["tokenizer_config.json"] = configuration };
            try
            {
                var tokenizer = HfTokenizer.FromFiles("tiny", files);
                tokenizer.Decode(tokenizer.Encode(" ab <x>1, \u00e9\U0001F600</s>b ").Ids);
            }
            catch (Exception error) when (error is InvalidDataException
                || (error is InvalidOperationException && error.Message.Contains("lacks the unknown token", StringComparison.Ordinal)))
            {
                refused++;
            }
        }
        Assert.IsInRange(30, 295, refused);
    }

    private static string Refused(Dictionary<string, byte[]> files) => Assert.ThrowsExactly<InvalidDataException>(() => HfTokenizer.FromFiles("tiny", files)).Message;

    private static string Ids(HfTokenizer tokenizer, string text, string? pair = null) => string.Join(' ', tokenizer.Encode(text, pair).Ids);

    private static HfTokenizer Load(string model, string name, string configuration) => HfTokenizer.FromFiles("tiny", Files(model, name, configuration));

    private static Dictionary<string, byte[]> Files(string model, string name, string configuration) => new()
    {
        [name] = model == Pegasus ? PegasusModel() : File.ReadAllBytes(Path.Combine(GoldenFolder.Repository, "test/Fixtures/golden/tokenizers", model)),
        ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
    };

    private static byte[] PegasusModel() => new PieceFile().Add(3, 0, "<pad>").Add(3, 0, "</s>").Add(2, 0, "<unk>")
        .Add(1, -1, "\u2581", "\u2581the", "\u2581sea", "\u2581is", "s", "e", "a", "\u2581T", "h", "\u2581c", "al", "m", ".", "\u2581x", ",", "l", "o", "\u2581H").ToArray();
}
