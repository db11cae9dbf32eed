using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class WordLevelTests
{
    [TestMethod]
    public void A_word_is_a_token_or_unknown()
    {
        var model = new WordLevel(Vocabulary.FromList(["<unk>", "sea", "side"]), "<unk>");
        var tokens = new List<ModelToken>();
        model.Tokenize("sea", tokens);
        model.Tokenize("seaside", tokens);
        CollectionAssert.AreEqual(new ModelToken[] { new(1, 0, 3), new(0, 0, 7) }, tokens);
    }

    [TestMethod]
    public void Only_an_unknown_word_needs_the_unknown_token()
    {
        var model = new WordLevel(Vocabulary.FromList(["sea"]), "[UNK]");
        List<ModelToken> tokens = [];
        model.Tokenize("sea", tokens);
        Assert.AreEqual(0, tokens[0].Id);
        Assert.Contains("does not cover 'side' and lacks the unknown token '[UNK]'", Assert.ThrowsExactly<InvalidOperationException>(() => model.Tokenize("side", [])).Message);
    }
}
