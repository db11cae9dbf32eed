using Microsoft.ML.HfTrainer.Tokenization.Patterns;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Patterns;

/// <summary>Matches compared with those recorded from Oniguruma.</summary>
[TestClass]
public class RegexPatternTests
{
    [TestMethod]
    [DataRow(@"(?i:'s|'t)", "it'ſ IT'S 'K", "'ſ|'S")]
    [DataRow(@"[^(\s|[.,!?])]+", "hello (a|b), x)y] z", "hello|a|b|x|y]|z")]
    [DataRow(@"\w+", "aͅⓐ bⅠc\u200Dd_e²", "aͅⓐ|bⅠc|d_e")]
    [DataRow(@"\d+", "1²3४", "1|3४")]
    [DataRow(@"\p{Han}+", "漢字かな\U00020000x", "漢字|\U00020000")]
    [DataRow(@"\h+", "12ag", "12a")]
    [DataRow(@"a{2}+", "aaaaaab", "aaaaaa")]
    [DataRow(@"(?i)k|É", "kK\u212Aé", "k|K|\u212A|é")]
    [DataRow(@"\p{^L}+", "ab12", "12")]
    [DataRow(@"\P{L}+", "ab12", "12")]
    [DataRow(@"^a", "a\na", "a|a")]
    [DataRow(@"a$", "a\na", "a|a")]
    [DataRow(@".+", "a\nb\rc", "a|b\rc")]
    [DataRow(@"(?m).+", "a\nb", "a\nb")]
    [DataRow(@"x*", "axxb", "|xx|")]
    [DataRow(@"[a-z&&[^aeiou]]+", "abcdeiou", "bcd")]
    [DataRow(@"\x{1F600}|[\x{1F601}-\x{1F64F}]+", "a\U0001F600b\U0001F642", "\U0001F600|\U0001F642")]
    [DataRow(@"\u4e00", "一二", "一")]
    [DataRow(@"\R", "a\r\nb\n", "\r\n|\n")]
    [DataRow(@"\s", "\x1c\x85\u180e\u200b\u3000", "\x85|\u3000")]
    [DataRow(@"\b\w", "ab cd", "a|c")]
    [DataRow(@"(?<=a)b", "abcb", "b")]
    [DataRow(@"\p{Letter}+", "ab1", "ab")]
    [DataRow(@"[^\S\r\n]+", "a  \n b", "  | ")]
    [DataRow(@"a++b", "aaab", "aaab")]
    [DataRow(@"a++a", "aaa", "")]
    [DataRow(@"\p{Greek}", "αa", "α")]
    [DataRow(@"[]a]", "]ab", "]|a")]
    [DataRow(@"[a\-z]|[\w-]+", "-z", "-|z")]
    [DataRow(@"(?<n>a)\k<n>", "aabb", "aa")]
    [DataRow(@"(?#c)a", "ba", "a")]
    [DataRow(@"a{,2}b", "aaab", "aab")]
    [DataRow(@"a{x", "a{x", "a{x")]
    [DataRow(@"\101[\x41-\x43]+", "ABCD", "ABC")]
    [DataRow(@"[[:punct:]]+", "a!$+_b", "!$+_")]
    [DataRow(@"\p{So}+", "\u263a\U0001F600x", "\u263a\U0001F600")]
    [DataRow(@"(?x) a  b # end", "ab", "ab")]
    [DataRow(@"x(?i)a|b", "xAxB", "xA|xB")]
    [DataRow(@"[\p{Lu}\p{Lt}]*[\p{Ll}\p{M}]+", "ABc\u0301D\U00010400\U00010428", "ABc\u0301|D\U00010400\U00010428")]
    [DataRow(@"[^\r\n\p{L}\p{N}]?+\p{L}++", "a \U0001D400\U0001F642b", "a| \U0001D400|\U0001F642b")]
    [DataRow(@"[一-龥぀-ゟ゠-ヿ]+", "漢かカa", "漢かカ")]
    public void Matches(string pattern, string text, string matches) => Assert.AreEqual(matches, Find(pattern, text));

    [TestMethod]
    [DataRow("(a", "')' is missing")]
    [DataRow("a)", "no '('")]
    [DataRow("[a", "']' is missing")]
    [DataRow("a**b(", "')' is missing")]
    [DataRow(@"[z-a]", "empty")]
    [DataRow(@"[a-\d]", "ends with a set")]
    [DataRow("\\", "ends too early")]
    [DataRow(@"\x{110000}", "not a code point")]
    [DataRow("*a", "nothing to repeat")]
    public void A_broken_pattern_is_refused(string pattern, string reason)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Make(pattern)).Message;
        Assert.Contains(reason, message);
        Assert.Contains($"'{pattern}'", message);
    }

    [TestMethod]
    [DataRow(@"\X", @"\X")]
    [DataRow(@"\p{Klingon}", "Klingon")]
    [DataRow("(?s)a", "(?s")]
    public void What_is_not_supported_is_named(string pattern, string name) =>
        Assert.Contains(name, Assert.ThrowsExactly<NotSupportedException>(() => Make(pattern)).Message);

    [TestMethod]
    public void Excessive_nesting_is_refused()
    {
        Assert.ThrowsExactly<InvalidDataException>(() => Make(new string('(', 100_000)));
        Assert.ThrowsExactly<InvalidDataException>(() => Make(new string('[', 100_000)));
    }

    [TestMethod]
    public void Catastrophic_backtracking_is_stopped_and_the_pattern_named()
    {
        var pattern = RegexPattern.Make("(a+)+$", "tiny", message => new InvalidDataException(message), TimeSpan.FromMilliseconds(50));
        var error = Assert.ThrowsExactly<TimeoutException>(() => pattern.Find(new string('a', 60) + "b", []));
        Assert.Contains("'(a+)+$'", error.Message);
        Assert.Contains("'tiny'", error.Message);
    }

    private static TextPattern Make(string pattern) => RegexPattern.Make(pattern, "tiny", message => new InvalidDataException(message));

    private static string Find(string pattern, string text)
    {
        var matches = new List<TextMatch>();
        Make(pattern).Find(text, matches);
        return string.Join('|', matches.Select(match => text[match.Start..match.End]));
    }
}
