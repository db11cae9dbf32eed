using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>
/// Maps characters above U+FFFF to stand-ins of one UTF-16 unit, so that a .NET regular expression treats each as one character. Two characters share
/// a stand-in if they have the same Unicode category and belong to the same ranges named by the pattern (its traits). Stand-ins are surrogates, which
/// cannot occur otherwise once every pair has been replaced.
/// </summary>
internal sealed class Traits
{
    private const int Categories = 30, FirstStandIn = 0xD800;

    /// <summary>The maximum number of traits; more would need more stand-ins than there are surrogates.</summary>
    public const int MaxCount = 6;

    private readonly List<IReadOnlyList<(int First, int Last)>> _ranges = [];

    /// <summary>Adds ranges and returns the index of their trait, or null if there are too many.</summary>
    public int? Add(IReadOnlyList<(int First, int Last)> ranges)
    {
        var known = _ranges.FindIndex(other => other.SequenceEqual(ranges));
        if (known >= 0)
            return known;
        if (_ranges.Count == MaxCount)
            return null;
        _ranges.Add(ranges);
        return _ranges.Count - 1;
    }

    /// <summary>Returns the stand-in for a character above U+FFFF.</summary>
    public char StandIn(Rune rune)
    {
        var traits = 0;
        for (var i = 0; i < _ranges.Count; i++)
            traits |= RangeSet.Holds(_ranges[i], rune.Value) ? 1 << i : 0;
        return StandIn(Rune.GetUnicodeCategory(rune), traits);
    }

    /// <summary>Returns all stand-ins with the characters they represent.</summary>
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
