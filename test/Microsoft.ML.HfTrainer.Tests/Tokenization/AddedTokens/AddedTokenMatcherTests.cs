using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.AddedTokens;

[TestClass]
public class AddedTokenMatcherTests
{
    [TestMethod]
    public void The_leftmost_longest_match_wins() => Assert.AreEqual("2:0-4 1:4-6", Find("<ab><a", new(1, "<a"), new(2, "<ab>")));

    [TestMethod]
    public void Of_tokens_with_a_common_prefix_the_longest_complete_match_wins()
    {
        AddedToken[] runs = [.. Enumerable.Range(2, 23).Select(length => new AddedToken(length, new string(' ', length)))];
        Assert.AreEqual("3:1-4 24:5-29 2:29-31", Find($"a   b{new string(' ', 26)}c d", runs));
        Assert.AreEqual("1:0-1 1:1-2 2:3-6 1:7-8", Find("aa abc ab", new(1, "a"), new(2, "abc")));
        Assert.AreEqual("1:0-1", Find("a", new(1, "a"), new(2, "a")));
    }

    [TestMethod]
    public void A_single_word_token_matches_only_beside_non_word_characters()
    {
        var token = new AddedToken(1, "cat") { SingleWord = true };
        Assert.AreEqual("1:0-3 1:10-13", Find("cat cats (cat) é", token));
        Assert.AreEqual("", Find("écat cat_ cat\u0301", token));
    }

    [TestMethod]
    public void Whitespace_is_absorbed_on_the_specified_side()
    {
        Assert.AreEqual("1:1-6", Find("a \t<m> b", new AddedToken(1, "<m>") { LeftStrip = true }));
        Assert.AreEqual("1:3-8", Find("a  <m>  b", new AddedToken(1, "<m>") { RightStrip = true }));
        Assert.AreEqual("1:0-6 1:6-10", Find("<m>   <m> ", new AddedToken(1, "<m>") { LeftStrip = true, RightStrip = true }));
    }

    [TestMethod]
    public void Without_tokens_nothing_is_found()
    {
        Assert.AreEqual("", Find("text"));
        Assert.AreEqual("", Find("", new AddedToken(1, "<m>")));
    }

    private static string Find(string text, params AddedToken[] tokens)
    {
        var matches = new List<TokenMatch>();
        new AddedTokenMatcher(tokens.Select(token => (token.Content, token))).Find(text, matches);
        return string.Join(' ', matches.Select(match => $"{match.Token.Id}:{match.Start}-{match.End}"));
    }
}
