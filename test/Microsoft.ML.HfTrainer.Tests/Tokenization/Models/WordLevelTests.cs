using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class WordLevelTests
{
    private static readonly LoadContext Context = new("tiny", "tokenizer.json");

    [TestMethod]
    public void A_word_is_a_token_or_unknown()
    {
        var model = new WordLevel(Vocabulary.FromList(["<unk>", "sea", "side"], Context), "<unk>", Context);
        var tokens = new List<ModelToken>();
        model.Tokenize("sea", tokens);
        model.Tokenize("seaside", tokens);
        CollectionAssert.AreEqual(new ModelToken[] { new(1, 0, 3), new(0, 0, 7) }, tokens);
    }

    [TestMethod]
    public void The_unknown_token_must_be_there() => Assert.Contains("'[UNK]'", Assert.ThrowsExactly<InvalidDataException>(
        () => new WordLevel(Vocabulary.FromList(["<unk>"], Context), "[UNK]", Context)).Message);
}
