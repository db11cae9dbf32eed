using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Merges;

[TestClass]
public class MergeFilesTests
{
    private static readonly string[] RobertaTokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];

    [TestMethod]
    public void Without_a_class_the_special_tokens_in_the_vocabulary_determine_the_layout()
    {
        var roberta = Load(Files(RobertaTokens));
        CollectionAssert.AreEqual(new[] { "<s>", "an", "</s>", "</s>", "an", "Ġan", "</s>" }, roberta.Encode("an", "an an").Tokens);
        Assert.AreEqual(("<pad>", "<mask>", "<s>"), (roberta.PadToken, roberta.MaskToken, roberta.ClsToken));
        var gpt2 = Load(Files(["<|endoftext|>"]));
        CollectionAssert.AreEqual(new[] { "an", "Ġan", "<|endoftext|>" }, gpt2.Encode("an an<|endoftext|>").Tokens);
        Assert.AreEqual(("<|endoftext|>", null), (gpt2.EosToken, gpt2.PadToken));
    }

    [TestMethod]
    public void Settings_add_a_prefix_space_and_special_tokens()
    {
        var tokenizer = Load(Files(
            ["<|endoftext|>"], """{ "tokenizer_class": "GPT2Tokenizer", "add_prefix_space": true, "add_bos_token": true, "add_eos_token": true, "pad_token": "<|pad|>" }"""));
        var encoding = tokenizer.Encode("an", "an");
        CollectionAssert.AreEqual(
            new[] { "<|endoftext|>", "Ġan", "<|endoftext|>", "<|endoftext|>", "Ġan", "<|endoftext|>" }, encoding.Tokens);
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 1, 1, 1 }, encoding.TypeIds);
        Assert.AreEqual(tokenizer.VocabularySize - 1, tokenizer.PadTokenId);
    }

    [TestMethod]
    public void A_mask_token_absorbs_the_space_before_it_only_if_a_file_says_so()
    {
        var (plain, declared) = (Files(RobertaTokens), Files(RobertaTokens));
        declared["special_tokens_map.json"] = Encoding.UTF8.GetBytes("""{ "mask_token": { "content": "<mask>", "lstrip": true } }""");
        CollectionAssert.AreEqual(new[] { "an", "Ġ", "<mask>" }, Load(plain).Encode("an <mask>", options: new() { AddSpecialTokens = false }).Tokens);
        CollectionAssert.AreEqual(new[] { "an", " <mask>" }, Load(declared).Encode("an <mask>", options: new() { AddSpecialTokens = false }).Tokens);
    }

    [TestMethod]
    public void Qwen_splits_digits_and_composes_letters()
    {
        var tokenizer = Load(Files(["<|endoftext|>"], """{ "tokenizer_class": "Qwen2TokenizerFast" }"""));
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 2, 3 }, tokenizer.Encode("e\u030112.").WordIds);
        Assert.AreEqual("é12.", tokenizer.Decode(tokenizer.Encode("e\u030112.").Ids));
    }

    [TestMethod]
    public void Added_tokens_have_the_ids_of_their_file()
    {
        var files = Files(["<|endoftext|>"], """{ "tokenizer_class": "GPT2Tokenizer", "additional_special_tokens": ["<|b|>"] }""");
        var next = Load(files).VocabularySize - 1;
        files["added_tokens.json"] = Encoding.UTF8.GetBytes($$"""{ "<|b|>": {{next + 1}}, "<|a|>": {{next}} }""");
        var tokenizer = Load(files);
        CollectionAssert.AreEqual(new[] { next, next + 1 }, tokenizer.Encode("<|a|><|b|>").Ids);
        Assert.AreEqual("<|a|>", tokenizer.Decode([next, next + 1]));
    }

    [TestMethod]
    [DataRow("#version: 0.2\na n\na x\n", "line 3", "lacks 'ax'")]
    [DataRow("a n\nn  n\n", "line 2", "two tokens")]
    [DataRow("a n\n\na n\n", "line 2", "''")]
    [DataRow("a n\nan n", "line 2", "lacks 'ann'")]
    public void Bad_merges_are_named_by_their_line(string merges, params string[] words)
    {
        var files = Files(["<|endoftext|>"]);
        files["merges.txt"] = Encoding.UTF8.GetBytes(merges);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Load(files)).Message;
        foreach (var word in words.Append("merges.txt"))
            Assert.Contains(word, message);
    }

    [TestMethod]
    public void A_template_without_its_token_is_refused()
    {
        var files = Files(RobertaTokens, """{ "tokenizer_class": "RobertaTokenizer", "cls_token": null }""");
        Assert.Contains("cls_token", Assert.ThrowsExactly<InvalidDataException>(() => Load(files)).Message);
    }

    [TestMethod]
    public void An_unsupported_class_is_named() => Assert.Contains(
        "'WhisperTokenizer'",
        Assert.ThrowsExactly<NotSupportedException>(() => Load(Files(["<|endoftext|>"], """{ "tokenizer_class": "WhisperTokenizer" }"""))).Message);

    private static HfTokenizer Load(Dictionary<string, byte[]> files) => HfTokenizer.FromFiles("tiny", files);

    private static Dictionary<string, byte[]> Files(string[] special, string configuration = "{}")
    {
        var vocabulary = new JsonObject();
        foreach (var token in special.Concat(Enumerable.Range(0, 256).Select(value => ByteAlphabet.Char((byte)value).ToString())).Concat(["an", "Ġan"]))
            vocabulary.Add(token, vocabulary.Count);
        return new()
        {
            ["vocab.json"] = Encoding.UTF8.GetBytes(vocabulary.ToJsonString()),
            ["merges.txt"] = Encoding.UTF8.GetBytes("#version: 0.2\na n\nĠ an\n"),
            ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
        };
    }
}
