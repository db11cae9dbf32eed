using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class WordPieceTests
{
    [TestMethod]
    [DataRow("seaside", "sea:0-3 ##side:3-7")]
    [DataRow("seas", "sea:0-3 ##s:3-4")]
    [DataRow("runs", "run:0-3 ##s:3-4")]
    [DataRow("side", "[UNK]:0-4")]
    [DataRow("seax", "[UNK]:0-4")]
    [DataRow("🙂", "[UNK]:0-2")]
    [DataRow("sssssssss", "[UNK]:0-9")]
    public void The_longest_pieces_cover_a_word_or_it_is_unknown(string word, string expected) => Assert.AreEqual(expected, Tokenize(word, 8));

    [TestMethod]
    public void The_longest_word_is_counted_in_code_points()
    {
        var word = string.Concat(Enumerable.Repeat("🙂", 3));
        Assert.AreEqual("🙂:0-2 ##🙂:2-4 ##🙂:4-6", Tokenize(word, 3));
        Assert.AreEqual("[UNK]:0-6", Tokenize(word, 2));
    }

    private static string Tokenize(string word, int longest)
    {
        string[] tokens = [.. TinyTokenizer.Vocabulary.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        if (longest < 8)
            tokens = [.. tokens, "🙂", "##🙂"];
        var model = new WordPiece(Vocabulary.FromList(tokens), "[UNK]", "##", longest);
        var pieces = new List<ModelToken>();
        model.Tokenize(word, pieces);
        return string.Join(' ', pieces.Select(piece => $"{model.Vocabulary.Token(piece.Id)}:{piece.Start}-{piece.End}"));
    }
}
