using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Answers;

[TestClass]
public sealed class AnswerFinderTests
{
    private const string Context = "Ada was born in London";

    // [CLS] when [SEP] Ada was born in London [SEP]
    private static readonly (int, int)?[] _offsets = [null, null, null, (0, 3), (4, 7), (8, 12), (13, 15), (16, 22), null];

    [TestMethod]
    public void TheBestSpanIsFoundWithItsPlaceAndProbability()
    {
        var found = new AnswerFinder().Find(Context, Window([(7, 2)], [(7, 3)]));
        Assert.IsNotNull(found.Best);
        Assert.AreEqual("London", found.Best.Text);
        Assert.AreEqual((16, 22), (found.Best.Start, found.Best.End));
        Assert.AreEqual(found.Best, found.Candidates[0]);
        Assert.IsNull(found.NullScoreDifference);
        Assert.AreEqual(1, found.Candidates.Sum(candidate => candidate.Probability), 1e-9);
        foreach (var candidate in found.Candidates)
            Assert.AreEqual(candidate.Text, Context[candidate.Start..candidate.End]);
        var whole = new AnswerFinder().Find(Context, Window([(3, 2)], [(7, 3)]));
        Assert.AreEqual(Context, whole.Best!.Text);
        Assert.AreEqual(Math.Exp(5), whole.Candidates[0].Probability / whole.Candidates.First(candidate => candidate.Score == 0).Probability, 1e-6);
    }

    [TestMethod]
    public void AnswersAreNoLongerThanAllowedAndKeptBySize()
    {
        var window = Window([(3, 5), (5, 4)], [(7, 5), (6, 4)]);
        Assert.AreEqual(Context, new AnswerFinder { MaxAnswerLength = 5 }.Find(Context, window).Best!.Text);
        var shorter = new AnswerFinder { MaxAnswerLength = 4 }.Find(Context, window);
        Assert.AreEqual(9, shorter.Best!.Score, "Ada was born in, or born in London");
        Assert.IsTrue(shorter.Candidates.All(candidate => candidate.Text.Split(' ').Length <= 4));
        Assert.HasCount(2, new AnswerFinder { NBestSize = 2 }.Find(Context, window).Candidates);
        Assert.IsNull(new AnswerFinder { NBestSize = 1, MaxAnswerLength = 4 }.Find(Context, window).Best, "the only pair is too long");
    }

    [TestMethod]
    public void NoAnswerHasTheScoreOfTheWindowInWhichItIsLowest()
    {
        var (first, second) = (Window([(0, 4), (7, 1)], [(7, 1)]), Window([(5, 3)], [(5, 3)]));
        var finder = new AnswerFinder { AllowNoAnswer = true };
        var found = finder.Find(Context, first, second);
        Assert.AreEqual("born", found.Best!.Text);
        Assert.AreEqual(-6, found.NullScoreDifference!.Value, 1e-6);
        Assert.AreEqual("", (finder with { NullScoreDiffThreshold = -6.5 }).Find(Context, first, second).Best!.Text);
        Assert.AreEqual("", finder.Find(Context, first).Best!.Text);
        Assert.AreEqual("London", (finder with { NullScoreDiffThreshold = 2 }).Find(Context, first).Best!.Text);
        var one = (finder with { NBestSize = 1 }).Find(Context, first, second).Candidates;
        Assert.HasCount(2, one, "no answer is kept even if others are better");
        Assert.IsTrue(one[1].IsNoAnswer);
    }

    [TestMethod]
    public void WithoutTokensThereIsNoAnswer()
    {
        var empty = new AnswerWindow(new float[3], new float[3], [null, null, null]);
        Assert.IsNull(new AnswerFinder().Find("", empty).Best);
        Assert.IsEmpty(new AnswerFinder().Find("", empty).Candidates);
        Assert.AreEqual("", new AnswerFinder { AllowNoAnswer = true }.Find("", empty).Best!.Text);
    }

    [TestMethod]
    public void WindowsAreMadeOfEncodings()
    {
        using var model = new TinyModel();
        var pair = HfTokenizer.FromPretrained(model.Folder).Encode("is it good", "the film was good");
        var window = new AnswerWindow(new float[20], new float[20], pair);
        Assert.HasCount(pair.Length, window.Offsets);
        CollectionAssert.AreEqual(new[] { "the", "film", "was", "good" }, window.Offsets.OfType<(int Start, int End)>().Select(range => "the film was good"[range.Start..range.End]).ToArray());
    }

    [TestMethod]
    public void PaddingIsInNoAnswerButTakesAPlaceAmongTheBest()
    {
        float[] logits = [.. Enumerable.Range(0, 9).Select(token => token == 7 ? 1f : 0), 5];
        Assert.AreEqual("London", new AnswerFinder { NBestSize = 2 }.Find(Context, new AnswerWindow(logits, logits, _offsets)).Best!.Text);
        Assert.IsNull(new AnswerFinder { NBestSize = 1 }.Find(Context, new AnswerWindow(logits, logits, _offsets)).Best);
    }

    [TestMethod]
    public void NonsenseIsRefused()
    {
        Assert.Contains("NBestSize is 0", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AnswerFinder { NBestSize = 0 }).Message);
        Assert.Contains("MaxAnswerLength is 0", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AnswerFinder { MaxAnswerLength = 0 }).Message);
        Assert.Contains("NaN", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AnswerFinder { NullScoreDiffThreshold = double.NaN }).Message);
        Assert.Contains("no windows", Assert.ThrowsExactly<ArgumentException>(() => new AnswerFinder().Find(Context)).Message);
        Assert.Contains("beyond the 3 characters", Assert.ThrowsExactly<ArgumentException>(() => new AnswerFinder().Find("Ada", Window([(7, 1)], [(7, 1)]))).Message);
        Assert.Contains("2 start and 9 end scores for 9 tokens", Assert.ThrowsExactly<ArgumentException>(() => new AnswerWindow(new float[2], new float[9], _offsets)).Message);
    }

    private static AnswerWindow Window((int Token, float Score)[] starts, (int Token, float Score)[] ends)
    {
        return new(Scores(starts), Scores(ends), _offsets);

        static float[] Scores((int Token, float Score)[] given)
        {
            var scores = new float[_offsets.Length];
            foreach (var (token, score) in given)
                scores[token] = score;
            return scores;
        }
    }
}
