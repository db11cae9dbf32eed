using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Answering;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Answering;

[TestClass]
public sealed class AnswerPlaceTests
{
    // [CLS] q [SEP] "unhappy days, gone" as un happy days , gone [SEP]
    private static readonly TokenSequence _tokens = Tokens((0, 2), (2, 7), (8, 12), (12, 13), (14, 18));

    [TestMethod]
    [DataRow(0, 7, 3, 4, DisplayName = "two tokens")]
    [DataRow(2, 7, 4, 4, DisplayName = "a part of a word that is a token")]
    [DataRow(4, 10, 4, 5, DisplayName = "from the middle of a token to that of another")]
    [DataRow(7, 12, 5, 5, DisplayName = "with a space before it")]
    [DataRow(14, 18, 7, 7, DisplayName = "the last token")]
    public void AnAnswerIsInTheTokensThatHoldIt(int start, int end, int first, int last) => Assert.AreEqual(new AnswerPlace(first, last), AnswerPlace.Of(_tokens, start, end));

    [TestMethod]
    public void ASpanWithoutTokensHasNoPlace()
    {
        Assert.IsNull(AnswerPlace.Of(_tokens, 7, 8), "a space");
        Assert.IsNull(AnswerPlace.Of(_tokens, 18, 20), "what truncation cut off");
    }

    [TestMethod]
    public void TokensOfOneCharacterAreAllInTheAnswer() => Assert.AreEqual(new AnswerPlace(3, 4), AnswerPlace.Of(Tokens((0, 2), (0, 2)), 0, 2), "the bytes of an emoji");

    [TestMethod]
    public void AWindowThatHasOnlyAPartOfTheAnswerHasNone()
    {
        var place = AnswerPlace.Of(_tokens, 0, 7)!.Value;
        var windows = TokenWindow.Cut(_tokens, maxLength: 8, stride: 2);
        Assert.HasCount(2, windows);
        Assert.AreEqual((3, 4), place.In(windows[0]));
        Assert.AreEqual((0, 0), place.In(windows[1]));
        Assert.AreEqual((5, 5), AnswerPlace.Of(_tokens, 14, 18)!.Value.In(windows[1]));
        Assert.AreEqual((0, 0), AnswerPlace.None.In(windows[0]));
    }

    private static TokenSequence Tokens(params (int Start, int End)[] context) => new(new int[context.Length + 4], default, default)
    {
        SequenceIds = new[] { -1, 0, -1 }.Concat(context.Select(_ => 1)).Append(-1).ToArray(),
        Offsets = new[] { 0, 0, 0, 1, 0, 0 }.Concat(context.SelectMany(offset => new[] { offset.Start, offset.End })).Concat([0, 0]).ToArray(),
    };
}
