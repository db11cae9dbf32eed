using System.Text;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

[TestClass]
public class SentencePieceModelTests
{
    [TestMethod]
    public void Pieces_and_specifications_are_read()
    {
        var model = Read(new PieceFile().AddControls().Add(1, -1.5f, "▁a", "b").Add(4, 0, "<x>").Add(5, -9, "c").AddBytes()
            .Trainer(new ProtobufBytes().Number(3, 2).Number(35, 1).Number(41, -1).Number(43, 0).Text(44, "?").Text(47, "</s>").Text(48, "[PAD]").Text(99, "later"))
            .Normalizer(new ProtobufBytes().Bytes(2, [1, 2]).Number(3, 0).Number(4, 0)));
        Assert.AreEqual(
            "<unk>:0:Unknown <s>:0:Control </s>:0:Control ▁a:-1.5:Normal b:-2.5:Normal <x>:0:UserDefined c:-9:Unused <0x00>:0:Byte",
            string.Join(' ', model.Pieces.Take(8).Select(piece => FormattableString.Invariant($"{piece.Text}:{piece.Score}:{piece.Type}"))));
        Assert.AreEqual((263, 0), (model.Pieces.Count, model.UnknownId));
        var trainer = model.Trainer;
        Assert.AreEqual((PieceAlgorithm.Bpe, true, "?", "<unk>"), (trainer.Algorithm, trainer.ByteFallback, trainer.UnknownSurface, trainer.UnknownPiece));
        Assert.AreEqual((null, "</s>", "[PAD]"), (trainer.BeginPiece, trainer.EndPiece, trainer.PadPiece));
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, model.Normalizer.Charsmap);
        Assert.AreEqual((false, false, true), (model.Normalizer.AddDummyPrefix, model.Normalizer.RemoveExtraWhitespaces, model.Normalizer.EscapeWhitespaces));
    }

    [TestMethod]
    public void Missing_fields_have_the_defaults_of_the_format()
    {
        var model = Read(new PieceFile().AddControls());
        Assert.AreEqual((PieceAlgorithm.Unigram, false, " ⁇ "), (model.Trainer.Algorithm, model.Trainer.ByteFallback, model.Trainer.UnknownSurface));
        Assert.AreEqual(("<s>", "</s>", null), (model.Trainer.BeginPiece, model.Trainer.EndPiece, model.Trainer.PadPiece));
        Assert.AreEqual((true, true, true), (model.Normalizer.AddDummyPrefix, model.Normalizer.RemoveExtraWhitespaces, model.Normalizer.EscapeWhitespaces));
        Assert.IsEmpty(model.Normalizer.Charsmap);
    }

    [TestMethod]
    public void Inconsistent_files_are_refused()
    {
        AssertRefused(new PieceFile().ToArray(), "no pieces");
        AssertRefused(new PieceFile().Add(1, 0, "a").ToArray(), "none of its 1 pieces is of type Unknown");
        AssertRefused(new PieceFile().Add(2, 0, "<unk>", "<oov>").ToArray(), "pieces[1]", "'<oov>' and '<unk>'");
        AssertRefused(new PieceFile().AddControls().Add(1, 0, "a", "b", "a").ToArray(), "pieces[5]", "'a' is pieces[3]");
        AssertRefused(new PieceFile().AddControls().Add(1, 0, "").ToArray(), "pieces[3]", "empty");
        AssertRefused(new PieceFile().AddControls().Add(1, float.NaN, "a").ToArray(), "pieces[3]", "NaN");
        AssertRefused(new PieceFile().AddControls().Add(1, float.PositiveInfinity, "a").ToArray(), "pieces[3]", "finite");
        AssertRefused(new PieceFile().AddControls().Add(9, 0, "a").ToArray(), "pieces[3]", "type 9", "4 (UserDefined)");
        AssertRefused(new PieceFile().AddControls().Trainer(new ProtobufBytes().Number(3, 5)).ToArray(), "model_type is 5");
    }

    [TestMethod]
    public void Files_of_another_kind_are_refused()
    {
        AssertRefused(Encoding.UTF8.GetBytes("version https://git-lfs.github.com/spec/v1\n"), "not a SentencePiece model", "Git LFS");
        AssertRefused(Encoding.UTF8.GetBytes("IQ== 0\nIg== 1\n"), "no pieces", "another kind");
        AssertRefused(new PieceFile().AddControls().ToArray()[..^3], "after 2 pieces", "cut off");
    }

    [TestMethod]
    public void Damaged_files_are_read_or_refused()
    {
        var whole = new PieceFile().AddControls().AddBytes().Add(1, -1, "▁a", "b").Trainer(new ProtobufBytes().Number(3, 2)).ToArray();
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            try
            {
                SentencePieceModel.Read(Mutation.OfBytes(whole, random), new LoadContext("tiny", "spiece.model"));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.IsGreaterThan(1000, refused);
    }

    private static SentencePieceModel Read(PieceFile file) => SentencePieceModel.Read(file.ToArray(), new LoadContext("tiny", "spiece.model"));

    private static void AssertRefused(byte[] file, params string[] words)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => SentencePieceModel.Read(file, new LoadContext("tiny", "spiece.model")));
        foreach (var word in words.Append("spiece.model of the tokenizer 'tiny'"))
            Assert.Contains(word, error.Message);
    }
}
