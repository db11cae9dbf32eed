using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

[TestClass]
public class PieceMergesTests
{
    private static readonly Piece[] Pieces = [.. new[] { "abc", "a", "b", "c", "ab", "bc", "\U0001F600", "a\U0001F600" }.Select(text => new Piece(text, 0))];

    [TestMethod]
    public void Merges_are_all_splits_of_a_piece_in_the_order_of_the_pieces() =>
        Assert.AreEqual("a+bc ab+c a+b b+c a+\U0001F600", Merges([0, 1, 2, 3, 4, 5, 6, 7]));

    [TestMethod]
    public void Pieces_that_are_not_listed_take_no_part_in_merges() => Assert.AreEqual("b+c a+bc", Merges([5, 0, 1, 2, 3]));

    private static string Merges(int[] ids) => string.Join(' ', PieceMerges.Of(Pieces, ids).Select(merge => $"{merge.Left}+{merge.Right}"));
}
