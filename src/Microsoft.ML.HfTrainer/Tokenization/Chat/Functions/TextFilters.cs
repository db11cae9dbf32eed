using System.Globalization;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The filters of strings.</summary>
internal static class TextFilters
{
    public static string Escape(string text, Budget budget)
    {
        var escaped = new TextBuilder(budget);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\'' => escaped.Append("&#39;"),
                '"' => escaped.Append("&#34;"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    public static object? Format(RenderContext context, object?[] arguments)
    {
        var (values, named) = ((object?[])arguments[1]!, (KeyValuePair<string, object?>[])arguments[2]!);
        if (values.Length > 0 && named.Length > 0)
            throw new TemplateFault("the filter 'format' takes values by position or by name, not both.");
        object given = named.Length > 0
            ? new MappingValue(named.Select(value => KeyValuePair.Create((object?)value.Key, value.Value)))
            : new TupleValue(values);
        return PercentFormat.Apply(Literal.Text(arguments[0], context.Budget), given, context.Budget);
    }

    public static string Indent(string text, object? width, bool first, bool blank, Budget budget)
    {
        var indent = width as string ?? Padding.Repeat(" ", Math.Max(Argument.Integer(width, "width"), 0), budget);
        var indented = new TextBuilder(budget);
        var isFirst = true;
        // A line end is appended, so that an empty last line counts.
        foreach (var (start, end, _) in Whitespace.Lines(text + "\n"))
        {
            if (!isFirst)
                indented.Append('\n');
            if (isFirst ? first : blank || end > start)
                indented.Append(indent);
            indented.Append(text[start..Math.Min(end, text.Length)]);
            isFirst = false;
        }
        return indented.ToString();
    }

    public static string StripTags(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var open = text.IndexOf('<', at);
            var (closing, from) = open >= 0 && text.AsSpan(open).StartsWith("<!--") ? ("-->", open + 4) : (">", open);
            var close = open < 0 ? -1 : text.IndexOf(closing, from, StringComparison.Ordinal);
            if (close < 0)
            {
                plain.Append(text, at, text.Length - at);
                break;
            }
            plain.Append(text, at, open - at);
            at = close + closing.Length - 1;
        }
        var words = TextSplitting.Split(plain.ToString(), null, -1, fromEnd: false, new Budget(text.Length));
        return System.Net.WebUtility.HtmlDecode(string.Join(' ', words.Elements));
    }

    /// <summary>Capitalizes words; a word begins after spaces, hyphens and opening brackets.</summary>
    public static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var start = 0;
        while (start < text.Length)
        {
            var separates = Separates(text[start]);
            var end = start + 1;
            while (end < text.Length && Separates(text[end]) == separates)
                end++;
            var first = char.IsSurrogatePair(text, start) ? 2 : 1;
            title.Append(separates ? text[start..end] : Casing.Upper(text.Substring(start, first)) + Casing.Lower(text[(start + first)..end]));
            start = end;
        }
        return title.ToString();

        static bool Separates(char c) => Whitespace.Is(c) || c is '-' or '(' or '{' or '[' or '<';
    }

    public static object? Truncate(object? value, int length, bool cutsWords, string end, int leeway)
    {
        var room = length - CodePoints.Count(end);
        if (room < 0 || leeway < 0)
            throw new TemplateFault($"'length' must be at least the length of '{end}', and 'leeway' must not be negative.");
        if (Iteration.Length(value) <= (long)length + leeway)
            return value;
        var text = Argument.Text(value, "s");
        var kept = text[..CodePoints.Place(text, room)];
        return (cutsWords ? kept : kept.LastIndexOf(' ') is >= 0 and var space ? kept[..space] : kept) + end;
    }

    public static string UrlEncode(object? value, Budget budget)
    {
        if (value is string || Iteration.TryOver(value) is null)
            return Quote(Literal.Text(value, budget), "/");
        var pairs = value is MappingValue mapping ? ViewValue.Items(mapping) : value;
        return string.Join('&', Iteration.Elements(pairs, budget).Select(pair => pair is SequenceValue { Count: 2 } entry
            ? $"{Quote(Literal.Text(entry[0], budget), "").Replace("%20", "+")}={Quote(Literal.Text(entry[1], budget), "").Replace("%20", "+")}"
            : throw new TemplateFault("the filter 'urlencode' takes a string, a dict or pairs.")));
    }

    public static object WordCount(string text)
    {
        var (count, inside) = (0L, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = rune.Value == '_' || CharacterTests.IsLetter(rune) || CharacterTests.IsNumeric(rune);
            count += isWord && !inside ? 1 : 0;
            inside = isWord;
        }
        return count;
    }

    private static string Quote(string text, string kept)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || "_.-~".Contains((char)unit) || kept.Contains((char)unit))
                quoted.Append((char)unit);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
        }
        return quoted.ToString();
    }
}
