using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tokens;

[TestClass]
public sealed class TokenWindowTests
{
    [TestMethod]
    public void WindowsAreThoseOfTheTokenizer()
    {
        using var model = new TinyModel();
        var tokenizer = HfTokenizer.FromPretrained(model.Folder);
        for (var words = 0; words < 30; words++)
        {
            var text = string.Join(' ', Enumerable.Range(0, words).Select(i => i % 2 == 0 ? "film" : "book"));
            foreach (var (pair, maxLength, stride) in new[] { (false, 8, 0), (false, 8, 2), (true, 12, 3) })
            {
                TokenEncoding Encode(EncodeOptions? options) => pair ? tokenizer.Encode("is it good", text, options) : tokenizer.Encode(text, options: options);
                var expected = Encode(new() { MaxLength = maxLength, Stride = stride, Truncation = pair ? TruncationStrategy.OnlySecond : TruncationStrategy.LongestFirst, ReturnOverflowingTokens = true });
                var whole = Encode(null);
                var windows = TokenWindow.Cut(Sequence(whole), maxLength, stride);
                TokenEncoding[] all = [expected, .. expected.Overflowing];
                Assert.HasCount(all.Length, windows, $"{words} words, {maxLength}, {stride}");
                foreach (var (window, encoding) in windows.Zip(all))
                {
                    CollectionAssert.AreEqual(encoding.Ids, window.Tokens.Ids.ToArray());
                    CollectionAssert.AreEqual(encoding.TypeIds, window.Tokens.TypeIds.ToArray());
                    CollectionAssert.AreEqual(encoding.Offsets.SelectMany(range => new[] { range.Start, range.End }).ToArray(), window.Tokens.Offsets.ToArray());
                    CollectionAssert.AreEqual(Array.ConvertAll(window.Places, place => whole.Ids[place]), window.Tokens.Ids.ToArray());
                }
            }
        }
    }

    [TestMethod]
    public void NoRoomIsRefused()
    {
        using var model = new TinyModel();
        var row = Sequence(HfTokenizer.FromPretrained(model.Folder).Encode("film book film book film book"));
        var refusal = Assert.ThrowsExactly<ArgumentException>(() => TokenWindow.Cut(row, 5, 3));
        StringAssert.Contains(refusal.Message, "room for 3 tokens of the text beside the 2 of special tokens");
    }

    private static TokenSequence Sequence(TokenEncoding encoding) => new(encoding.Ids, encoding.TypeIds, encoding.AttentionMask)
    {
        SequenceIds = Array.ConvertAll(encoding.SequenceIds, sequence => sequence ?? -1),
        Offsets = encoding.Offsets.SelectMany(range => new[] { range.Start, range.End }).ToArray(),
    };
}
