using System.Text;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Marian;

[TestClass]
public class MarianTests
{
    private static readonly HfTokenizer Tokenizer = HfTokenizer.FromFiles("tiny", Files());

    [TestMethod]
    [DataRow("the sea", "4 5 0")]
    [DataRow("the see", "4 1 1 0")]
    [DataRow("the xyz sea", "4 3 1 5 0")]
    [DataRow("the \u201c sea", "4 3 10 5 0")]
    [DataRow("the \u201cx sea", "4 3 1 5 0")]
    [DataRow(">>de<< the sea", "9 4 5 0")]
    [DataRow(">>de<<", "9 0")]
    [DataRow(">>fr<<the", "1 4 0")]
    [DataRow("the >>de<<", "4 3 1 1 1 0")]
    [DataRow(" >>de<<", "3 1 1 1 0")]
    [DataRow("the</s>>>de<<sea", "4 0 9 5 0")]
    [DataRow("", "0")]
    [DataRow("  ", "0")]
    public void Source_texts(string text, string ids) => Assert.AreEqual(ids, Ids(text));

    [TestMethod]
    public void Target_texts_use_the_target_model()
    {
        var options = new EncodeOptions { AsTarget = true };
        Assert.AreEqual("6 7 0", Ids("das Meer", options));
        Assert.AreEqual("3 1 0", Ids("the", options));
        Assert.AreEqual("3 1 3 1 1 1 1 0", Ids("das Meer"));
    }

    [TestMethod]
    public void Pairs_have_one_end_token()
    {
        Assert.AreEqual("4 5 5 0", string.Join(' ', Tokenizer.Encode("the sea", "sea").Ids));
        var words = Tokenizer.EncodeWords(["the", "sea"]);
        Assert.AreEqual("4 5 0", string.Join(' ', words.Ids));
        CollectionAssert.AreEqual(new int?[] { 0, 1, null }, words.WordIds);
    }

    [TestMethod]
    public void Offsets_refer_to_the_raw_text()
    {
        var encoding = Tokenizer.Encode(">>de<<  the  sea");
        CollectionAssert.AreEqual(new[] { (0, 6), (8, 11), (11, 16), (0, 0) }, encoding.Offsets);
        CollectionAssert.AreEqual(new[] { ">>de<<", "▁the", "▁sea", "</s>" }, encoding.Tokens);
    }

    [TestMethod]
    public void Decoding_uses_the_model_of_one_language()
    {
        Assert.AreEqual(("das Meer", "das<unk> Meer</s>"), (Tokenizer.Decode([6, 7, 0]), Tokenizer.Decode([6, 1, 7, 0], skipSpecialTokens: false)));
        Assert.AreEqual("the sea", Tokenizer.Decode([4, 5, 0], asSource: true));
        // Pieces that a language lacks are kept as text, so no space of theirs is dropped after a special token.
        Assert.AreEqual(("<unk>  sea", "<unk> sea"), (Tokenizer.Decode([1, 5], skipSpecialTokens: false), Tokenizer.Decode([1, 5], skipSpecialTokens: false, asSource: true)));
        CollectionAssert.AreEqual(new[] { "the", "sea" }, Tokenizer.DecodeBatch([[4], [5]], asSource: true).ToArray());
    }

    [TestMethod]
    [DataRow(TruncationStrategy.LongestFirst, 4, "4 5 5 0")]
    [DataRow(TruncationStrategy.LongestFirst, 3, "4 5 0")]
    [DataRow(TruncationStrategy.OnlyFirst, 3, "5 5 0")]
    [DataRow(TruncationStrategy.OnlySecond, 3, "4 5 5 0")]
    public void Truncation_follows_the_Python_tokenizers(TruncationStrategy strategy, int length, string ids) =>
        Assert.AreEqual(ids, string.Join(' ', Tokenizer.Encode("the sea sea", "sea sea", new EncodeOptions { Truncation = strategy, MaxLength = length }).Ids));

    [TestMethod]
    public void The_class_has_defaults_for_what_no_file_specifies()
    {
        Assert.AreEqual(("</s>", "<unk>", "<pad>", 8), (Tokenizer.EosToken, Tokenizer.UnknownToken, Tokenizer.PadToken, Tokenizer.PadTokenId));
        Assert.AreEqual(512, Tokenizer.ModelMaxLength);
        Assert.AreEqual(11, Tokenizer.VocabularySize);
    }

    [TestMethod]
    public void Inconsistent_files_are_refused()
    {
        AssertRefused<InvalidDataException>(files => files["vocab.json"] = "{ \"</s>\": 0 }"u8.ToArray(), "vocab.json", "unk_token '<unk>'");
        AssertRefused<InvalidDataException>(files => files["target.spm"] = "x"u8.ToArray(), "target.spm", "SentencePiece");
        AssertRefused<NotSupportedException>(files => files["tokenizer_config.json"] = "{ \"separate_vocabs\": true }"u8.ToArray(), "separate_vocabs");
        AssertRefused<InvalidDataException>(
            files => files["source.spm"] = new PieceFile().AddControls().Trainer(new Formats.Protobuf.ProtobufBytes().Number(3, 4)).ToArray(), "source.spm", "Character");
    }

    [TestMethod]
    public void Damaged_models_tokenize_or_are_refused()
    {
        var random = new Random(12);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            var files = Files();
            files["source.spm"] = Mutation.OfBytes(files["source.spm"], random);
            try
            {
                var tokenizer = HfTokenizer.FromFiles("tiny", files);
                tokenizer.Decode(tokenizer.Encode(" the sea >>de<< \u00e9\U0001F600</s>b ").Ids, skipSpecialTokens: false, asSource: true);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.IsInRange(50, 495, refused);
    }

    private static void AssertRefused<TException>(Action<Dictionary<string, byte[]>> change, params string[] words)
        where TException : Exception
    {
        var files = Files();
        change(files);
        var message = Assert.ThrowsExactly<TException>(() => HfTokenizer.FromFiles("tiny", files)).Message;
        foreach (var word in words.Append("'tiny'"))
            Assert.Contains(word, message);
    }

    private static string Ids(string text, EncodeOptions? options = null) => string.Join(' ', Tokenizer.Encode(text, null, options).Ids);

    // '▁se' and 'e' are pieces that the vocabulary lacks; adjacent ones are not fused into one unknown token.
    private static Dictionary<string, byte[]> Files() => new()
    {
        ["source.spm"] = new PieceFile().AddControls().Add(1, -1, "▁the", "▁sea", "▁").Add(1, -9, "▁se", "e").ToArray(),
        ["target.spm"] = new PieceFile().AddControls().Add(1, -1, "▁das", "▁Meer", "▁", "\u201c").ToArray(),
        ["vocab.json"] = Encoding.UTF8.GetBytes("""{ "</s>": 0, "<unk>": 1, "s": 2, "▁": 3, "▁the": 4, "▁sea": 5, "▁das": 6, "▁Meer": 7, "<pad>": 8, ">>de<<": 9, "\u201c": 10 }"""),
    };
}
