using System.Text;

namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>
/// Sets off characters with blanks: one character, or a pair of which one is set off. Goes from left to right, and a pair takes up both its
/// characters, so a character that ends one pair does not begin the next.
/// </summary>
/// <param name="First">Whether a character begins what the rule is about.</param>
/// <param name="Second">Whether the character after it goes with it; null: the rule is about single characters.</param>
/// <param name="SetsOffFirst">Whether the first of a pair is set off, else the second.</param>
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

    /// <summary>The words that the rules, one after another, leave between blanks.</summary>
    public static List<string> Split(string text, IEnumerable<SpacingRule> rules)
    {
        var spaced = rules.Aggregate((List<Rune>)[.. PlainText.Runes(text)], (so, rule) => rule.Apply(so));
        var joined = new StringBuilder(spaced.Count);
        foreach (var rune in spaced)
            joined.Append(rune.IsBmp ? (char)rune.Value : rune.ToString());
        return PlainText.Split(joined.ToString());
    }
}
