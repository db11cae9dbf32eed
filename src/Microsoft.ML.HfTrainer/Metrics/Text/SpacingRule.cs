using System.Text;

namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>
/// A rule that separates characters by spaces: either a single character, or one character of a pair. It is applied from left to right, and pairs do not overlap.
/// </summary>
/// <param name="First">Matches the character, or the first one of a pair.</param>
/// <param name="Second">Matches the second character of a pair; null if the rule applies to single characters.</param>
/// <param name="SetsOffFirst">true to separate the first character of a pair, false to separate the second.</param>
internal sealed record SpacingRule(Func<Rune, bool> First, Func<Rune, bool>? Second = null, bool SetsOffFirst = false)
{
    private static readonly Rune _blank = new(' ');

    public List<Rune> Apply(List<Rune> text)
    {
        var spaced = new List<Rune>(text.Count + text.Count / 2);
        for (var i = 0; i < text.Count; i++)
        {
            if (!First(text[i]) || Second is not null && !(i + 1 < text.Count && Second(text[i + 1])))
                spaced.Add(text[i]);
            else if (Second is null)
                spaced.AddRange([_blank, text[i], _blank]);
            else if (SetsOffFirst)
                spaced.AddRange([_blank, text[i], _blank, text[++i]]);
            else
                spaced.AddRange([text[i], _blank, text[++i], _blank]);
        }
        return spaced;
    }

    /// <summary>Applies the rules one after another and splits the text at whitespace.</summary>
    public static List<string> Split(string text, IEnumerable<SpacingRule> rules)
    {
        var spaced = rules.Aggregate((List<Rune>)[.. PlainText.Runes(text)], (so, rule) => rule.Apply(so));
        var joined = new StringBuilder(spaced.Count);
        foreach (var rune in spaced)
            joined.Append(rune.IsBmp ? (char)rune.Value : rune.ToString());
        return PlainText.Split(joined.ToString());
    }
}
