using Microsoft.ML.HfTrainer.Tokenization.Decoders;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Decoders;

[TestClass]
public class WordPieceDecoderTests
{
    [TestMethod]
    [DataRow(true, "it's calm, isn't it?")]
    [DataRow(false, "it 's calm , is n't it ?")]
    public void Spaces_before_punctuation_are_removed_on_request(bool cleanUp, string expected) =>
        Assert.AreEqual(expected, string.Concat(new WordPieceDecoder("##", cleanUp).Decode(["it", "'s", "ca", "##lm", ",", "is", "n't", "it", "?"])));
}
