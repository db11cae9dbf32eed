using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

[TestClass]
public class PieceMergesTests
{
    private static readonly Piece[] Pieces = [.. new[] { "abc", "a", "b", "c", "ab", "bc", "\U0001F600", "a\U0001F600" }.Select(text => new Piece(text, 0))];

    [TestMethod]
    public void Every_way_to_make_a_piece_of_two_others_in_the_order_of_the_pieces() =>
        Assert.AreEqual("a+bc ab+c a+b b+c a+\U0001F600", Merges([0, 1, 2, 3, 4, 5, 6, 7]));

    [TestMethod]
    public void Pieces_that_are_not_listed_make_nothing_and_are_made_of_nothing() => Assert.AreEqual("b+c a+bc", Merges([5, 0, 1, 2, 3]));

    private static string Merges(int[] ids) => string.Join(' ', PieceMerges.Of(Pieces, ids).Select(merge => $"{merge.Left}+{merge.Right}"));
}
