using System.Globalization;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Implements <c>str.format</c>, such as <c>'{0}: {name:>8}'.format(value, name=...)</c>.</summary>
internal sealed class BraceFormat
{
    private readonly object?[] _positional;
    private readonly KeyValuePair<string, object?>[] _named;
    private readonly RenderContext _context;
    private int _next;

    private BraceFormat(object?[] positional, KeyValuePair<string, object?>[] named, RenderContext context)
    {
        _positional = positional;
        _named = named;
        _context = context;
    }

    public static string Apply(string format, object?[] positional, KeyValuePair<string, object?>[] named, RenderContext context) =>
        new BraceFormat(positional, named, context).Expand(format, depth: 0);

    private string Expand(string format, int depth)
    {
        var text = new TextBuilder(_context.Budget);
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }
            if (c == '}')
                throw new TemplateFault("the format has a '}' without a '{'; write '}}' for the character itself.");
            if (c != '{')
            {
                text.Append(c);
                continue;
            }
            var end = EndOfField(format, i + 1);
            if (depth > 1)
                throw new TemplateFault("the format has fields within fields within fields.");
            text.Append(Field(format[(i + 1)..end], depth));
            i = end;
        }
        return text.ToString();
    }

    private static int EndOfField(string format, int at)
    {
        var open = 1;
        for (; at < format.Length; at++)
        {
            if (format[at] == '[')
                at = EndOfItem(format, at);
            else if (format[at] == '{')
                open++;
            else if (format[at] == '}' && --open == 0)
                return at;
        }
        throw new TemplateFault("the format has a '{' without a '}'; write '{{' for the character itself.");
    }

    private static int EndOfItem(string format, int open) => format.IndexOf(']', open) is >= 0 and var close
        ? close
        : throw new TemplateFault("the format has a '[' without a ']'.");

    private string Field(string field, int depth)
    {
        var (name, conversion, spec) = Split(field);
        var value = Value(name);
        var converted = conversion switch
        {
            null => value,
            "s" => Literal.Text(value, _context.Budget),
            "r" or "a" => new TextBuilder(_context.Budget).AppendLiteral(value).ToString(),
            _ => throw new TemplateFault($"the conversion '!{conversion}' is unknown; use !s, !r or !a."),
        };
        return FormatSpec.Apply(converted, Expand(spec, depth + 1), _context.Budget);
    }

    private static (string Name, string? Conversion, string Spec) Split(string field)
    {
        var at = 0;
        while (at < field.Length && field[at] is not ('!' or ':'))
            at = field[at] == '[' ? EndOfItem(field, at) + 1 : at + 1;
        var name = field[..at];
        var colon = field.IndexOf(':', at);
        var spec = colon < 0 ? "" : field[(colon + 1)..];
        var conversion = at < field.Length && field[at] == '!' ? field[(at + 1)..(colon < 0 ? field.Length : colon)] : null;
        return (name, conversion, spec);
    }

    private object? Value(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var at ? at : name.Length;
        var value = First(name[..end]);
        while (end < name.Length)
        {
            var isItem = name[end] == '[';
            var stop = isItem ? EndOfItem(name, end) : name.AsSpan(end + 1).IndexOfAny('.', '[') is >= 0 and var next ? end + 1 + next : name.Length;
            var part = name[(end + 1)..stop];
            value = isItem
                ? Access.Item(value, part.Length > 0 && part.All(char.IsAsciiDigit) ? Integers.Parse(part, 10) : part, _context.Budget)
                : Access.Attribute(value, part, _context.Budget);
            end = isItem ? stop + 1 : stop;
        }
        return value;
    }

    private object? First(string name)
    {
        if (name.Length == 0)
            name = (_next++).ToString(CultureInfo.InvariantCulture);
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            return place < _positional.Length ? _positional[place] : throw new TemplateFault($"the format asks for value {place} of {_positional.Length}.");
        foreach (var (given, value) in _named)
        {
            if (given == name)
                return value;
        }
        throw new TemplateFault($"the format asks for '{name}', which was not passed.");
    }
}
