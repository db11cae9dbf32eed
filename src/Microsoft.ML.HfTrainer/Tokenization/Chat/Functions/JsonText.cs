using System.Globalization;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>
/// Serializes values to JSON exactly as Python's <c>json.dumps</c> does, including the spaces after commas, because models are trained on that form.
/// </summary>
internal sealed class JsonText
{
    private readonly TextBuilder _text;
    private readonly bool _escapesAll, _sorts;
    private readonly string? _indent;
    private readonly string _comma, _colon;

    private JsonText(Budget budget, bool escapesAll, string? indent, string comma, string colon, bool sorts)
    {
        _text = new TextBuilder(budget);
        _escapesAll = escapesAll;
        _indent = indent;
        _comma = comma;
        _colon = colon;
        _sorts = sorts;
    }

    /// <param name="value">The value to serialize.</param>
    /// <param name="ensureAscii">True to escape characters outside ASCII.</param>
    /// <param name="indent">None for a single line; otherwise the number of spaces or the string to indent each level with.</param>
    /// <param name="separators">None for the defaults; otherwise the strings between entries and between key and value.</param>
    /// <param name="sortKeys">True to sort the keys of dicts.</param>
    /// <param name="budget">The limits on the result.</param>
    public static string Write(object? value, object? ensureAscii, object? indent, object? separators, object? sortKeys, Budget budget)
    {
        var step = indent is null ? null : indent as string ?? Padding.Repeat(" ", Math.Max(Argument.Integer(indent, "indent"), 0), budget);
        var (comma, colon) = separators switch
        {
            null => (step is null ? ", " : ",", ": "),
            SequenceValue { Count: 2 } pair => (Argument.Text(pair[0], "separators"), Argument.Text(pair[1], "separators")),
            _ => throw new TemplateFault($"'separators' must be two strings, not {TypeNames.WithArticle(separators)}."),
        };
        var json = new JsonText(budget, Iteration.Truth(ensureAscii), step, comma, colon, Iteration.Truth(sortKeys));
        json.Write(value, 0);
        return json._text.ToString();
    }

    private void Write(object? value, int depth)
    {
        _text.Budget.Step();
        Budget.CheckDepth();
        switch (value)
        {
            case MappingValue mapping:
                WriteEntries('{', '}', depth, Ordered(mapping), entry =>
                {
                    WriteString(Key(entry.Key));
                    _text.Append(_colon);
                    Write(entry.Value, depth + 1);
                });
                break;
            case ListValue or TupleValue:
                WriteEntries('[', ']', depth, ((SequenceValue)value).Elements, element => Write(element, depth + 1));
                break;
            case string text:
                WriteString(text);
                break;
            case Undefined undefined:
                throw undefined.Fault();
            case TemplateObject:
                throw new TemplateFault($"{TypeNames.WithArticle(value)} cannot be serialized to JSON.");
            default:
                _text.Append(Plain(value));
                break;
        }
    }

    private void WriteEntries<T>(char open, char close, int depth, IEnumerable<T> entries, Action<T> write)
    {
        _text.Append(open);
        var isFirst = true;
        foreach (var entry in entries)
        {
            if (!isFirst)
                _text.Append(_comma);
            isFirst = false;
            BreakLine(depth + 1);
            write(entry);
        }
        if (!isFirst)
            BreakLine(depth);
        _text.Append(close);
    }

    private void BreakLine(int depth)
    {
        if (_indent is null)
            return;
        _text.Append('\n');
        for (var i = 0; i < depth; i++)
            _text.Append(_indent);
    }

    private IEnumerable<KeyValuePair<object?, object?>> Ordered(MappingValue mapping) => _sorts
        ? Ordering.Sort(mapping.Keys, key => key, reverse: false, _text.Budget).Select(key => KeyValuePair.Create(key, mapping.TryGet(key, out var value) ? value : null))
        : mapping.Entries;

    private static string Key(object? key) => key as string
        ?? (key is TemplateObject ? throw new TemplateFault($"{TypeNames.WithArticle(key)} cannot be a key in JSON.") : Plain(key));

    private static string Plain(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number when !double.IsFinite(number) => double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity",
        _ => Literal.OfPlain(value, quotes: false),
    };

    private void WriteString(string text)
    {
        _text.Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                _text.Append('\\').Append(c);
            else if ("\n\r\t\b\f".IndexOf(c) is >= 0 and var known)
                _text.Append('\\').Append("nrtbf"[known]);
            else if (c < ' ' || (_escapesAll && c > '~'))
                _text.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
            else
                _text.Append(c);
        }
        _text.Append('"');
    }
}
