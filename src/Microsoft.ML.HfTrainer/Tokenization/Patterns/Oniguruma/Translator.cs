using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>
/// Translates a pattern from Oniguruma's syntax, which tokenizer.json uses, to .NET's, for texts in which stand-ins replace the characters above
/// U+FFFF (see <see cref="Oniguruma.Traits"/>). Character classes are expanded, so that they have the same members as in Oniguruma.
/// </summary>
internal sealed class Translator
{
    private const int MaxDepth = 200;

    private static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["?:"] = "(?:", ["?="] = "(?=", ["?!"] = "(?!", ["?>"] = "(?>", ["?<="] = "(?<=", ["?<!"] = "(?<!",
    };

    private readonly PatternReader _reader;
    private readonly ClassReader _classes;
    private readonly Traits _traits = new();
    private readonly StringBuilder _output = new();
    private readonly List<(CharacterSet Set, int Start, int Length)> _written = [];
    private readonly Dictionary<string, CharacterSet> _named = new(StringComparer.Ordinal);

    private Translator(string pattern, Func<string, Exception> error)
    {
        _reader = new PatternReader(pattern, error);
        _classes = new ClassReader(_reader, _traits);
    }

    /// <summary>Translates a pattern; <paramref name="error"/> creates an exception from a message.</summary>
    public static (string Pattern, Traits Traits) Translate(string pattern, Func<string, Exception> error)
    {
        var translator = new Translator(pattern, error);
        translator.Alternatives(default, 0);
        if (!translator._reader.AtEnd)
            throw translator._reader.Error("')' has no '('");
        return (translator.WriteSets(), translator._traits);
    }

    private void Alternatives(Flags flags, int depth)
    {
        if (depth > MaxDepth)
            throw _reader.Error($"groups are nested more than {MaxDepth} deep");
        while (!_reader.AtEnd && !_reader.IsNext(')'))
        {
            if (_reader.Take("|"))
            {
                _output.Append('|');
                continue;
            }
            var start = _output.Length;
            if (Atom(flags, depth))
                Quantifiers(start, flags);
        }
    }

    // Returns false for what cannot be repeated: comments, and option switches, which apply until the end of the group.
    private bool Atom(Flags flags, int depth)
    {
        if (flags.Extended && _reader.TakeWhile(char.IsWhiteSpace, int.MaxValue).Length > 0)
            return false;
        if (flags.Extended && _reader.Take("#"))
        {
            _reader.TakeWhile(c => c != '\n', int.MaxValue);
            return false;
        }
        if (_reader.Take("("))
            return Group(flags, depth);
        if (_reader.Take("["))
            Write(_classes.Read(), flags);
        else if (_reader.Take("."))
            _output.Append(flags.DotAll ? @"[\s\S]" : @"[^\n]");
        else if (_reader.Take("^"))
            _output.Append(@"(?:\A|(?<=\n)(?!\z))");
        else if (_reader.Take("$"))
            _output.Append(@"(?=\n|\z)");
        else if (_reader.Take("\\"))
            Escape(flags);
        else if (_reader.IsNext('*') || _reader.IsNext('+') || _reader.IsNext('?'))
            throw _reader.Error("there is nothing to repeat");
        else
            Write(_reader.Next().Value, flags);
        return true;
    }

    private bool Group(Flags flags, int depth)
    {
        if (_reader.Take("?#"))
        {
            _reader.TakeUntil(')');
            return false;
        }
        if (Groups.FirstOrDefault(group => _reader.Take(group.Key)).Value is { } opening)
            _output.Append(opening);
        else if (_reader.Take("?<") || _reader.Take("?'"))
            _output.Append(CultureInfo.InvariantCulture, $"(?<{_reader.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_', 100)}")
                .Append(_reader.Next().Value is '>' or '\'' ? '>' : throw _reader.Error("the name of a group may have ASCII letters, digits and '_'"));
        else if (_reader.Take("?"))
            return Switches(flags, depth);
        else
            _output.Append('(');
        Close(flags, depth);
        return true;
    }

    // An option switch within a group opens a group of everything after it, including alternatives.
    private bool Switches(Flags flags, int depth)
    {
        var letters = _reader.TakeWhile(c => char.IsAsciiLetter(c) || c == '-', 10);
        var on = true;
        foreach (var letter in letters)
        {
            flags = letter switch
            {
                '-' => flags,
                'i' => flags with { IgnoreCase = on },
                'm' => flags with { DotAll = on },
                'x' => flags with { Extended = on },
                _ => throw _reader.Unsupported($"the group (?{letters}"),
            };
            on &= letter != '-';
        }
        _output.Append("(?:");
        if (_reader.Take(":"))
        {
            Close(flags, depth);
            return true;
        }
        if (!_reader.Take(")"))
            throw _reader.Unsupported($"the group (?{letters}");
        Alternatives(flags, depth + 1);
        _output.Append(')');
        return false;
    }

    private void Close(Flags flags, int depth)
    {
        Alternatives(flags, depth + 1);
        if (!_reader.Take(")"))
            throw _reader.Error("')' is missing");
        _output.Append(')');
    }

    private void Escape(Flags flags)
    {
        if (_reader.Take("A"))
            _output.Append(@"\A");
        else if (_reader.Take("z"))
            _output.Append(@"\z");
        else if (_reader.Take("Z"))
            _output.Append(@"(?=\n?\z)");
        else if (_reader.Take("b"))
            Boundary(negated: false);
        else if (_reader.Take("B"))
            Boundary(negated: true);
        else if (_reader.Take("R"))
            _output.Append(@"(?>\r\n|[\n-\r\u0085\u2028\u2029])");
        else if (_reader.Take("N"))
            _output.Append(@"[^\n]");
        else if (_reader.Take("O"))
            _output.Append(@"[\s\S]");
        else if (TakeReference() is { } group)
            _output.Append(CultureInfo.InvariantCulture, $"(?:\\{group})");
        else if (_reader.Take("k<"))
            _output.Append(CultureInfo.InvariantCulture, $"\\k<{_reader.TakeUntil('>')}>");
        else if (_reader.TakeWhile(c => c is 'X' or 'K' or 'G' or 'k' or 'g' or 'y' or 'Y', 1) is [var letter])
            throw _reader.Unsupported($"the escape \\{letter}");
        else if (_classes.TakeSet() is { } set)
            Write(set, flags);
        else
            Write(_classes.TakeCharacter(), flags);
    }

    // More than one digit denotes a character in octal.
    private char? TakeReference()
    {
        var start = _reader.Position;
        if (_reader.TakeWhile(char.IsAsciiDigit, 3) is [not '0' and var digit])
            return digit;
        _reader.Reset(start);
        return null;
    }

    private void Boundary(bool negated)
    {
        var word = Named("word");
        _output.Append(negated ? "(?:(?<=" : "(?:(?<!");
        Place(word);
        _output.Append(")(?=");
        Place(word);
        _output.Append(negated ? ")|(?<!" : ")|(?<=");
        Place(word);
        _output.Append(")(?!");
        Place(word);
        _output.Append("))");
    }

    private void Quantifiers(int start, Flags flags)
    {
        for (var repeated = false; ; repeated = true)
        {
            if (flags.Extended)
                _reader.TakeWhile(char.IsWhiteSpace, int.MaxValue);
            var quantifier = _reader.Take("*") ? "*" : _reader.Take("+") ? "+" : _reader.Take("?") ? "?" : Interval();
            if (quantifier is null)
                return;
            // A quantified atom is quantified again as a whole. The brackets of a set are written at the end, so a set is wrapped in a group as well.
            if (repeated)
                Wrap(start, "(?:");
            var isInterval = quantifier[0] == '{';
            if (!isInterval && _reader.Take("+"))
            {
                _output.Append(quantifier);
                Wrap(start, "(?>");
            }
            else
            {
                _output.Append(quantifier).Append(_reader.Take("?") ? "?" : "");
            }
        }
    }

    // A brace that does not begin a valid interval is a literal.
    private string? Interval()
    {
        var start = _reader.Position;
        if (_reader.Take("{"))
        {
            var least = _reader.TakeWhile(char.IsAsciiDigit, 6);
            var hasComma = _reader.Take(",");
            var most = hasComma ? _reader.TakeWhile(char.IsAsciiDigit, 6) : "";
            if (least.Length + most.Length > 0 && _reader.Take("}"))
                return hasComma ? $"{{{(least.Length == 0 ? "0" : least)},{most}}}" : $"{{{least}}}";
        }
        _reader.Reset(start);
        return null;
    }

    private void Wrap(int start, string opening)
    {
        _output.Insert(start, opening).Append(')');
        for (var i = 0; i < _written.Count; i++)
        {
            if (_written[i].Start >= start)
                _written[i] = _written[i] with { Start = _written[i].Start + opening.Length };
        }
    }

    private CharacterSet Named(string name) => _named.TryGetValue(name, out var set) ? set : _named[name] = _classes.Named(name);

    private void Write(int codePoint, Flags flags)
    {
        if (codePoint > char.MaxValue || (flags.IgnoreCase && char.IsLetter((char)codePoint)))
            Write(_classes.Ranges((codePoint, codePoint)), flags);
        else
            _output.Append(CultureInfo.InvariantCulture, $"\\u{codePoint:X4}");
    }

    private void Write(CharacterSet set, Flags flags) => Place(flags.IgnoreCase ? new AnyCaseSet(set) : set);

    // Sets are written at the end, when all traits are known.
    private void Place(CharacterSet set)
    {
        _written.Add((set, _output.Length, 1));
        _output.Append('.');
    }

    private string WriteSets()
    {
        var result = new StringBuilder();
        var position = 0;
        foreach (var (set, start, length) in _written.OrderBy(set => set.Start))
        {
            result.Append(_output, position, start - position);
            WriteSet(set, result);
            position = start + length;
        }
        return result.Append(_output, position, _output.Length - position).ToString();
    }

    private void WriteSet(CharacterSet set, StringBuilder result)
    {
        var start = result.Length;
        result.Append('[');
        var first = -1;
        for (var unit = 0; unit <= char.MaxValue + 1; unit++)
        {
            var isIn = unit <= char.MaxValue && !char.IsSurrogate((char)unit)
                && set.Contains(new Character(unit, CharUnicodeInfo.GetUnicodeCategory(unit), 0));
            if (isIn && first < 0)
                first = unit;
            if (isIn || first < 0)
                continue;
            result.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}-\\u{unit - 1:X4}");
            first = -1;
        }
        foreach (var (standIn, character) in _traits.All())
        {
            if (set.Contains(character))
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)standIn:X4}");
        }
        result.Append(']');
        if (result.Length - start != 2)
            return;
        result.Length = start;
        result.Append("(?!)");
    }

    private readonly record struct Flags(bool IgnoreCase, bool DotAll, bool Extended);
}
