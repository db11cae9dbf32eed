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
        new[] { 2, 6, 3, 3, 9, 3 },
        HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(configuration: """{ "tokenizer_class": "MPNetTokenizer" }""")).Encode("sea", "calm").Ids);

    private static string Tokens(string configuration, string text) =>
        string.Join(' ', HfTokenizer.FromFiles("tiny", TinyTokenizer.TextFiles(configuration: configuration)).Encode(text).Tokens);
}
