using System.Text;
using Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

[TestClass]
public class PieceDecoderTests
{
    [TestMethod]
    [DataRow("ab c", "▁a b ▁c")]
    [DataRow("a", "▁ ▁ ▁a")]
    [DataRow(" ⁇ a", "<unk> a")]
    [DataRow("a", "<s> ▁a </s>")]
    [DataRow("▁xa", "▁x a")]
    [DataRow("aé!", "▁a <0xC3> <0xA9> !")]
    [DataRow("a\ufffdb", "▁a <0xC3> b")]
    [DataRow("", "")]
    public void Pieces_become_text(string expected, string pieces) => Assert.AreEqual(expected, Decode(new ProtobufBytes(), pieces));

    [TestMethod]
    public void A_model_that_keeps_extra_spaces_drops_only_the_prepended_one()
    {
        var keeps = new ProtobufBytes().Number(4, 0);
        Assert.AreEqual("  a", Decode(keeps, "▁ ▁ ▁a"));
        Assert.AreEqual(" a", Decode(keeps.Number(3, 0), "▁a"));
    }

    private static string Decode(ProtobufBytes normalizer, string pieces)
    {
        var file = new PieceFile().AddControls().AddBytes().Add(1, -1, "▁a", "a", "b", "▁c", "!", "▁").Normalizer(normalizer);
        var text = new StringBuilder();
        new PieceDecoder(SentencePieceModel.Read(file.ToArray(), new LoadContext("tiny", "source.spm")))
            .Decode(pieces.Split(' ', StringSplitOptions.RemoveEmptyEntries), text);
        return text.ToString();
    }
}
