using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Encodings;

[TestClass]
public class TruncationTests
{
    [TestMethod]
    [DataRow(3, 9, 10, 3, 7)]
    [DataRow(9, 3, 10, 7, 3)]
    [DataRow(9, 9, 11, 5, 6)]
    [DataRow(9, 8, 11, 6, 5)]
    [DataRow(30, 40, 1, 0, 1)]
    public void The_longer_sequence_is_truncated_first(int first, int second, int limit, int expectedFirst, int expectedSecond) =>
        Assert.AreEqual((expectedFirst, expectedSecond), Truncation.Plan(first, second, new EncodeOptions { MaxLength = limit + 3 }, 3));

    [TestMethod]
    public void Sequences_that_fit_or_cannot_be_truncated_are_kept()
    {
        Assert.IsNull(Truncation.Plan(3, 4, new EncodeOptions(), 3));
        Assert.IsNull(Truncation.Plan(3, 4, new EncodeOptions { MaxLength = 10 }, 3));
        Assert.IsNull(Truncation.Plan(3, 4, new EncodeOptions { MaxLength = 2 }, 3));
        Assert.IsNull(Truncation.Plan(30, 40, new EncodeOptions { MaxLength = 10, Truncation = TruncationStrategy.DoNotTruncate }, 3));
    }

    [TestMethod]
    public void Truncation_can_be_limited_to_one_sequence()
    {
        var (first, second) = (TruncationStrategy.OnlyFirst, TruncationStrategy.OnlySecond);
        Assert.AreEqual((6, 4), Truncation.Plan(9, 4, new EncodeOptions { MaxLength = 10, Truncation = first }, 0));
        Assert.AreEqual((4, 6), Truncation.Plan(4, 9, new EncodeOptions { MaxLength = 10, Truncation = second }, 0));
        Assert.Contains("first sequence", Error(() => Truncation.Plan(4, 12, new EncodeOptions { MaxLength = 10, Truncation = first }, 0)));
        Assert.Contains("only one was given", Error(() => Truncation.Plan(12, null, new EncodeOptions { MaxLength = 10, Truncation = second }, 0)));
    }

    [TestMethod]
    [DataRow(5, 5, 0, Side.Right, "0-5")]
    [DataRow(5, 2, 0, Side.Right, "0-2 2-4 4-5")]
    [DataRow(5, 2, 0, Side.Left, "3-5 1-3 0-1")]
    [DataRow(6, 3, 1, Side.Right, "0-3 2-5 4-6")]
    [DataRow(6, 3, 1, Side.Left, "3-6 1-4 0-2")]
    [DataRow(5, 0, 0, Side.Right, "0-0 0-5")]
    [DataRow(0, 0, 0, Side.Right, "0-0")]
    public void The_rest_is_split_into_overflowing_parts(int count, int longest, int stride, Side side, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', Truncation.Parts(count, longest, stride, side).Select(part => $"{part.Start}-{part.End}")));

    [TestMethod]
    public void A_stride_without_room_is_refused()
    {
        Assert.Contains("must be below 3", Error(() => Truncation.Parts(9, 3, 3, Side.Right)));
        var tokenizer = TinyTokenizer.Load();
        Assert.Contains("stride of 9", Error(() => tokenizer.Encode("sea", options: new() { MaxLength = 5, Stride = 9 })));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tokenizer.Encode("sea", options: new() { MaxLength = -1 }));
    }

    private static string Error(Action action) => Assert.ThrowsExactly<ArgumentException>(action).Message;
}
