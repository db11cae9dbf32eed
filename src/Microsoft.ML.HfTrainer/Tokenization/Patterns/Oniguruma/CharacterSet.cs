using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>The set of characters of a class such as <c>[^\s\p{L}]</c>.</summary>
internal abstract class CharacterSet
{
    public abstract bool Contains(Character character);
}

/// <summary>Ranges of code points. Ranges that extend above U+FFFF are a trait of the pattern.</summary>
internal sealed class RangeSet(IReadOnlyList<(int First, int Last)> ranges, int trait) : CharacterSet
{
    public override bool Contains(Character character) =>
        character.CodePoint < 0 ? trait >= 0 && (character.Traits & (1 << trait)) != 0 : Holds(ranges, character.CodePoint);

    public static bool Holds(IReadOnlyList<(int First, int Last)> ranges, int codePoint)
    {
        foreach (var (first, last) in ranges)
        {
            if (codePoint >= first && codePoint <= last)
                return true;
        }
        return false;
    }
}

/// <summary>The characters of some Unicode categories.</summary>
internal sealed class CategorySet(params IEnumerable<UnicodeCategory> categories) : CharacterSet
{
    private readonly uint _mask = categories.Aggregate(0u, (mask, category) => mask | (1u << (int)category));

    public override bool Contains(Character character) => (_mask & (1u << (int)character.Category)) != 0;
}

/// <summary>The characters of any of the sets.</summary>
internal sealed class UnionSet(IReadOnlyList<CharacterSet> sets) : CharacterSet
{
    public override bool Contains(Character character)
    {
        foreach (var set in sets)
        {
            if (set.Contains(character))
                return true;
        }
        return false;
    }
}

/// <summary>The intersection of two sets.</summary>
internal sealed class IntersectionSet(CharacterSet first, CharacterSet second) : CharacterSet
{
    public override bool Contains(Character character) => first.Contains(character) && second.Contains(character);
}

/// <summary>The complement of a set.</summary>
internal sealed class ComplementSet(CharacterSet set) : CharacterSet
{
    public override bool Contains(Character character) => !set.Contains(character);
}

/// <summary>The characters of a set and their case variants.</summary>
internal sealed class AnyCaseSet(CharacterSet set) : CharacterSet
{
    // Case equivalences that the simple lower-case and upper-case mappings do not cover: letters that share a mapping with another letter.
    private static readonly int[][] Shared =
    [
        ['s', 'S', 0x17F], ['k', 'K', 0x212A], [0xE5, 0xC5, 0x212B], [0xDF, 0x1E9E], [0x3C3, 0x3A3, 0x3C2], [0xB5, 0x3BC, 0x39C],
        [0x3C9, 0x3A9, 0x2126], [0x3B2, 0x392, 0x3D0], [0x3B5, 0x395, 0x3F5], [0x3B8, 0x398, 0x3D1, 0x3F4], [0x3B9, 0x399, 0x345, 0x1FBE],
        [0x3BA, 0x39A, 0x3F0], [0x3C0, 0x3A0, 0x3D6], [0x3C1, 0x3A1, 0x3F1], [0x3C6, 0x3A6, 0x3D5], [0x1E61, 0x1E60, 0x1E9B],
    ];

    public override bool Contains(Character character)
    {
        if (set.Contains(character))
            return true;
        if (!Rune.IsValid(character.CodePoint))
            return false;
        var rune = new Rune(character.CodePoint);
        return Contains(Rune.ToLowerInvariant(rune).Value) || Contains(Rune.ToUpperInvariant(rune).Value)
            || Array.Exists(Shared, group => group.Contains(character.CodePoint) && Array.Exists(group, Contains));
    }

    private bool Contains(int codePoint) =>
        set.Contains(new Character(codePoint, CharUnicodeInfo.GetUnicodeCategory(codePoint), 0));
}
