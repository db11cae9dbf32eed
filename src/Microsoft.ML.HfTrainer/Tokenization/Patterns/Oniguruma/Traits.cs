using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>
/// What a pattern knows of characters above U+FFFF beside their categories: whether they are in ranges it names. All characters alike in
/// both have one stand-in of a single unit, so that a regular expression over UTF-16 units can see them as characters. Stand-ins are
/// surrogates, which no text has of its own once every pair has become one.
/// </summary>
internal sealed class Traits
{
    private const int Categories = 30, FirstStandIn = 0xD800;

    /// <summary>How many there may be: more would need more stand-ins than there are surrogates.</summary>
    public const int Most = 6;

    private readonly List<IReadOnlyList<(int First, int Last)>> _ranges = [];

    /// <summary>Adds ranges, and says which trait they are; null where there are too many.</summary>
    public int? Add(IReadOnlyList<(int First, int Last)> ranges)
    {
        var known = _ranges.FindIndex(other => other.SequenceEqual(ranges));
        if (known >= 0)
            return known;
        if (_ranges.Count == Most)
            return null;
        _ranges.Add(ranges);
        return _ranges.Count - 1;
    }

    /// <summary>The unit that stands for a character above U+FFFF.</summary>
    public char StandIn(Rune rune)
    {
        var traits = 0;
        for (var i = 0; i < _ranges.Count; i++)
            traits |= RangeSet.Holds(_ranges[i], rune.Value) ? 1 << i : 0;
        return StandIn(Rune.GetUnicodeCategory(rune), traits);
    }

    /// <summary>All stand-ins, each with what it stands for.</summary>
    public IEnumerable<(char StandIn, Character Character)> All()
    {
        for (var traits = 0; traits < 1 << _ranges.Count; traits++)
        {
            for (var category = 0; category < Categories; category++)
                yield return (StandIn((UnicodeCategory)category, traits), new Character(-1, (UnicodeCategory)category, traits));
        }
    }

    private static char StandIn(UnicodeCategory category, int traits) => (char)(FirstStandIn + (Categories * traits) + (int)category);
}
