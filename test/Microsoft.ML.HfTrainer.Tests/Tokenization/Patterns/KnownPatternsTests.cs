using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Patterns;

[TestClass]
public class KnownPatternsTests
{
    private static readonly string[] Pieces =
    [
        "a", "B", "é", "ſ", "中", "\U0001D400", "\U00010400", "1", "٣", "Ⅷ", "½", "\U0001D7CE", " ", " ", "  ", "\u00A0", "\u3000", "\t", "\n", "\r", "\r\n", "'", "'s",
        "'S", "'ſ", "'ll", "'Re", "'v", "'", ".", "-", "_", "\u0301", "\U0001F642", "\u200D", "\0", "\uFFFD", "\uD800", "x", "7", "!",
    ];

    public static IEnumerable<object[]> Patterns => KnownPatterns.All.Keys.Select(pattern => new object[] { pattern });

    [TestMethod]
    [DynamicData(nameof(Patterns))]
    public void Matches_like_the_regular_expression(string pattern)
    {
        var regex = RegexPattern.Make(pattern, "tiny", message => new InvalidDataException(message));
        var known = KnownPatterns.Find(pattern)!;
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 14); length > 0; length--)
                text.Append(Pieces[random.Next(Pieces.Length)]);
            // A regular expression sees U+FFFD in place of a lone surrogate.
            Assert.AreEqual(Words(regex, text.ToString()), Words(known, text.ToString()), text.ToString());
        }
    }

    [TestMethod]
    public void All_characters_are_split_alike()
    {
        var text = string.Concat(Enumerable.Range(0, 0x11_0000).Where(Rune.IsValid).Select(value => new Rune(value).ToString()));
        foreach (var (pattern, known) in KnownPatterns.All)
        {
            var regex = RegexPattern.Make(pattern, "tiny", message => new InvalidDataException(message));
            Assert.AreEqual(Words(regex, text), Words(known, text));
        }
    }

    private static string Words(TextPattern pattern, string text)
    {
        var matches = new List<TextMatch>();
        pattern.Find(text, matches);
        return string.Join(' ', matches.Select(match => match.End)) + (matches.Count > 0 && matches[0].Start != 0 ? "!" : "");
    }
}
