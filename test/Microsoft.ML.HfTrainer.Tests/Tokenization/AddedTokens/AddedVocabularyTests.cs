using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.AddedTokens;

[TestClass]
public class AddedVocabularyTests
{
    [TestMethod]
    public void A_normalized_token_is_found_in_the_normalized_text_with_offsets_into_the_raw_text()
    {
        var encoding = Load("""{ "id": 13, "content": "Éx", "normalized": true }""").Encode("sea E\u0301X calm");
        CollectionAssert.AreEqual(new[] { 2, 6, 13, 9, 3 }, encoding.Ids);
        Assert.AreEqual(("ex", (4, 7)), (encoding.Tokens[2], encoding.Offsets[2]));
    }

    [TestMethod]
    public void The_string_of_a_normalized_token_is_normalized()
    {
        var tokenizer = Load("""{ "id": 13, "content": "[Z]", "normalized": true, "special": true }""");
        Assert.AreEqual(("[z]", 13, null), (tokenizer.IdToToken(13), tokenizer.TokenToId("[Z]"), tokenizer.TokenToId("[z]")));
        Assert.AreEqual("[z] sea", tokenizer.Decode([13, 6, 3]));
    }

    [TestMethod]
    public void A_token_that_is_not_normalized_is_found_in_the_raw_text_only()
    {
        var tokenizer = Load("""{ "id": 13, "content": "[X]" }""");
        CollectionAssert.AreEqual(new[] { 2, 6, 13, 9, 3 }, tokenizer.Encode("sea[X]calm").Ids);
        Assert.DoesNotContain(13, tokenizer.Encode("sea[x]calm").Ids);
        Assert.AreEqual(14, tokenizer.VocabularySize);
        Assert.AreEqual(("[X]", 13), (tokenizer.IdToToken(13), tokenizer.TokenToId("[X]")));
    }

    [TestMethod]
    public void Special_tokens_in_a_text_are_not_in_the_special_tokens_mask()
    {
        var encoding = TinyTokenizer.Load().Encode("[SEP] sea");
        CollectionAssert.AreEqual(new[] { 2, 3, 6, 3 }, encoding.Ids);
        CollectionAssert.AreEqual(new[] { 1, 0, 0, 1 }, encoding.SpecialTokensMask);
    }

    private static HfTokenizer Load(string token) => TinyTokenizer.Load(json => json["added_tokens"]!.AsArray().Add(JsonNode.Parse(token)));
}
