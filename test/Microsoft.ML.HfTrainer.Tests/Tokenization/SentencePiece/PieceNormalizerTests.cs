using Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

[TestClass]
public class PieceNormalizerTests
{
    // Field numbers of NormalizerSpec: prepend a space, remove extra spaces, escape spaces.
    private const int DummyPrefix = 3, RemoveExtra = 4, Escape = 5;

    [TestMethod]
    [DataRow("  a  b ", "\u2581a\u2581b")]
    [DataRow("   ", "")]
    [DataRow("a", "\u2581a")]
    [DataRow("a \u2581", "\u2581a")]
    [DataRow("a\tb", "\u2581a\tb")]
    [DataRow("\u2581a", "\u2581\u2581a")]
    public void Spaces_are_handled_as_in_most_models(string text, string expected) => Assert.AreEqual(expected, Normalize(new ProtobufBytes(), text));

    [TestMethod]
    public void A_lone_surrogate_is_replaced() => Assert.AreEqual("\u2581a\ufffdb", Normalize(new ProtobufBytes(), "a\ud800b"));

    [TestMethod]
    public void Spaces_are_handled_as_the_specification_says()
    {
        Assert.AreEqual("\u2581a\u2581b", Normalize(new ProtobufBytes().Number(RemoveExtra, 0), "a b"));
        Assert.AreEqual("\u2581\u2581a\u2581\u2581b\u2581", Normalize(new ProtobufBytes().Number(RemoveExtra, 0), " a  b "));
        Assert.AreEqual("a\u2581b", Normalize(new ProtobufBytes().Number(DummyPrefix, 0), " a  b "));
        Assert.AreEqual(" a b", Normalize(new ProtobufBytes().Number(Escape, 0), "a b "));
        Assert.AreEqual("a\u2581b\u2581", Normalize(new ProtobufBytes(), " a b ", new ProtobufBytes().Number(24, 1)));
    }

    [TestMethod]
    public void User_defined_pieces_are_kept_and_offsets_refer_to_the_raw_text()
    {
        var normalizer = new PieceNormalizer(Model(new PieceFile().AddControls().Add(4, 0, "<  >")), new LoadContext("tiny", "source.spm"));
        var (span, text) = Append(normalizer, "  a <  >  \U0001F600b");
        Assert.AreEqual("\u2581a\u2581<\u2581\u2581>\u2581\U0001F600b", span.Chars.ToString());
        Assert.AreEqual((2, 3), text.Original(span.Start, span.Start + 1));
        Assert.AreEqual((2, 3), text.Original(span.Start + 1, span.Start + 2));
        Assert.AreEqual((4, 8), text.Original(span.Start + 3, span.Start + 7));
        Assert.AreEqual((10, 12), text.Original(span.Start + 8, span.Start + 10));
        Assert.AreEqual((12, 13), text.Original(span.Start + 10, span.Start + 11));
    }

    [TestMethod]
    public void A_damaged_table_is_refused() => Assert.Contains("precompiled_charsmap", Assert.ThrowsExactly<InvalidDataException>(() => new PieceNormalizer(
        Model(new PieceFile().AddControls().Normalizer(new ProtobufBytes().Bytes(2, [1, 2, 3]))), new LoadContext("tiny", "source.spm"))).Message);

    private static string Normalize(ProtobufBytes specification, string text, ProtobufBytes? trainer = null)
    {
        var file = new PieceFile().AddControls().Normalizer(specification).Trainer(trainer ?? new ProtobufBytes());
        return Append(new PieceNormalizer(Model(file), new LoadContext("tiny", "source.spm")), text).Span.Chars.ToString();
    }

    private static (TextSpan Span, NormalizedText Text) Append(PieceNormalizer normalizer, string chars)
    {
        var text = new NormalizedText();
        text.Reset(chars, 0);
        return (normalizer.Append(new TextSpan(text, 0, text.Length), text.Derived), text.Derived);
    }

    private static SentencePieceModel Model(PieceFile file) => SentencePieceModel.Read(file.ToArray(), new LoadContext("tiny", "source.spm"));
}
