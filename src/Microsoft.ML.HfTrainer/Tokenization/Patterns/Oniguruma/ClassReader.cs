
namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>Parses bracketed character classes, which may be nested, and escapes that denote sets or characters.</summary>
internal sealed class ClassReader(PatternReader reader, Traits traits)
{
    private const int MaxDepth = 50;

    private static readonly Dictionary<int, string> Shorthands = new() { ['d'] = "digit", ['w'] = "word", ['s'] = "space", ['h'] = "xdigit" };

    private static readonly Dictionary<int, int> Controls = new()
    {
        ['t'] = '\t', ['n'] = '\n', ['r'] = '\r', ['f'] = '\f', ['v'] = '\v', ['a'] = '\a', ['e'] = 0x1B,
    };

    /// <summary>Creates a set from characters or ranges.</summary>
    public CharacterSet Ranges(params IReadOnlyList<(int First, int Last)> ranges)
    {
        if (!ranges.Any(range => range.Last > char.MaxValue))
            return new RangeSet(ranges, -1);
        return traits.Add(ranges) is { } trait
            ? new RangeSet(ranges, trait)
            : throw reader.Unsupported($"more than {Traits.MaxCount} different ranges of characters above U+FFFF");
    }

    /// <summary>Returns the set with a name such as <c>L</c> or <c>Han</c>.</summary>
    public CharacterSet Named(string name)
    {
        var negated = name.StartsWith('^');
        if (NamedSets.Find(negated ? name[1..] : name) is not var (categories, ranges))
            throw reader.Unsupported($"the property '{name}'");
        CharacterSet set = new CategorySet(categories);
        if (ranges.Count > 0)
            set = new UnionSet([set, Ranges(ranges)]);
        return negated ? new ComplementSet(set) : set;
    }

    /// <summary>
    /// Parses the set of an escape whose backslash has been read, such as <c>\p{L}</c> or <c>\S</c>. Returns null and reads nothing if the escape
    /// denotes no set.
    /// </summary>
    public CharacterSet? TakeSet()
    {
        var start = reader.Position;
        var letter = reader.Next().Value;
        if (letter is 'p' or 'P')
        {
            if (!reader.Take("{"))
                throw reader.Error("'{' is missing after \\p");
            var named = Named(reader.TakeUntil('}'));
            return letter == 'p' ? named : new ComplementSet(named);
        }
        if (Shorthands.TryGetValue(letter, out var name))
            return Named(name);
        if (letter is >= 'A' and <= 'Z' && Shorthands.TryGetValue(letter | 0x20, out name))
            return new ComplementSet(Named(name));
        reader.Reset(start);
        return null;
    }

    /// <summary>Parses the character of an escape whose backslash has been read.</summary>
    public int TakeCharacter()
    {
        var letter = reader.Next().Value;
        switch (letter)
        {
            case 'x' when reader.Take("{"):
                return reader.Hexadecimal(reader.TakeUntil('}').Trim());
            case 'x':
                return reader.Hexadecimal(reader.TakeWhile(char.IsAsciiHexDigit, 2));
            case 'u':
                var digits = reader.TakeWhile(char.IsAsciiHexDigit, 4);
                return digits.Length == 4 ? reader.Hexadecimal(digits) : throw reader.Error("\\u needs four hexadecimal digits");
            case >= '0' and <= '7':
                reader.Reset(reader.Position - 1);
                return reader.TakeWhile(c => c is >= '0' and <= '7', 3).Aggregate(0, (value, digit) => (value * 8) + (digit - '0'));
            case 'c' or 'C' or 'M':
                throw reader.Unsupported($"the escape \\{(char)letter}");
            default:
                return Controls.GetValueOrDefault(letter, letter);
        }
    }

    /// <summary>Parses a class whose opening bracket has been read.</summary>
    public CharacterSet Read(int depth = 0)
    {
        if (depth > MaxDepth)
            throw reader.Error($"classes are nested more than {MaxDepth} deep");
        var negated = reader.Take("^");
        CharacterSet? intersection = null;
        var parts = new List<CharacterSet>();
        for (var first = true; first || !reader.IsNext(']'); first = false)
        {
            if (reader.AtEnd)
                throw reader.Error("']' is missing");
            if (reader.Take("&&"))
            {
                intersection = Intersect(intersection, parts);
                parts = [];
                continue;
            }
            parts.Add(ReadPart(depth));
        }
        reader.Take("]");
        var set = Intersect(intersection, parts);
        return negated ? new ComplementSet(set) : set;
    }

    private static CharacterSet Intersect(CharacterSet? set, List<CharacterSet> parts)
    {
        CharacterSet union = parts is [var only] ? only : new UnionSet(parts);
        return set is null ? union : new IntersectionSet(set, union);
    }

    private CharacterSet ReadPart(int depth)
    {
        if (reader.Take("[:"))
        {
            var name = reader.TakeUntil(':');
            return reader.Take("]") ? Named(name) : throw reader.Error($"':]' is missing after '[:{name}'");
        }
        if (reader.Take("["))
            return Read(depth + 1);
        if (reader.Take("\\"))
        {
            if (TakeSet() is { } set)
                return set;
            return ReadRange(TakeClassCharacter());
        }
        return ReadRange(reader.Next().Value);
    }

    private CharacterSet ReadRange(int first)
    {
        var start = reader.Position;
        if (!reader.Take("-") || reader.IsNext(']') || reader.IsNext("["))
        {
            reader.Reset(start);
            return Ranges((first, first));
        }
        var last = 0;
        if (!reader.Take("\\"))
            last = reader.Next().Value;
        else if (TakeSet() is null)
            last = TakeClassCharacter();
        else
            throw reader.Error("a range ends with a set");
        return last >= first ? Ranges((first, last)) : throw reader.Error($"the range from {Name(first)} to {Name(last)} is empty");

        static string Name(int codePoint) => $"U+{codePoint:X4}";
    }

    // Within a class, \b is the backspace character.
    private int TakeClassCharacter() => reader.Take("b") ? '\b' : TakeCharacter();
}
