namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

[TestClass]
public class VocabularyTextTests
{
    [TestMethod]
    [DataRow("{}", "[CLS] the sea [SEP]")]
    [DataRow("""{ "do_lower_case": false }""", "[CLS] [UNK] [UNK] [SEP]")]
    [DataRow("""{ "do_lower_case": true, "strip_accents": false }""", "[CLS] the [UNK] [SEP]")]
    public void The_configuration_sets_the_normalizer(string configuration, string tokens) =>
        Assert.AreEqual(tokens, Tokens(configuration, "The séa"));

    [TestMethod]
    public void Tokens_of_the_configuration_are_added_after_the_vocabulary()
    {
        var tokenizer = HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(
            configuration: """{ "pad_token": "<pad>", "mask_token": { "content": "<mask>", "lstrip": true } }"""));
        Assert.AreEqual((13, 14, 15), (tokenizer.PadTokenId, tokenizer.MaskTokenId, tokenizer.VocabularySize));
        CollectionAssert.AreEqual(new[] { "[CLS]", "sea", " <mask>", "[SEP]" }, tokenizer.Encode("sea <mask>").Tokens);
    }

    [TestMethod]
    public void MPNet_puts_two_separators_between_texts() => CollectionAssert.AreEqual(
        new[] { 0, 4, 5, 2, 2, 5, 2 },
        HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(
            "<s>\n<pad>\n</s>\n[UNK]\nup\ndown\n", """{ "tokenizer_class": "MPNetTokenizer" }""")).Encode("up down", "down").Ids);

    [TestMethod]
    [DataRow("""{ "max_len": 64 }""", 64)]
    [DataRow("""{ "max_len": 64, "model_max_length": 32 }""", 32)]
    public void Max_len_is_the_old_name_of_model_max_length(string configuration, int length) =>
        Assert.AreEqual(length, HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(configuration: configuration)).ModelMaxLength);

    private static string Tokens(string configuration, string text) =>
        string.Join(' ', HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(configuration: configuration)).Encode(text).Tokens);
}
