using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Searches and replaces in strings.</summary>
internal static class TextSearch
{
    /// <summary>Returns the part of a string between two code points, as in a slice; null if the start is beyond the end of the string.</summary>
    public static string? Part(string text, object? start, object? end)
    {
        if (start is null && end is null)
            return text;
        var (from, to, length) = Bounds(text, start, end);
        return from > length ? null : text[CodePoints.Place(text, from)..CodePoints.Place(text, Math.Max(from, to))];
    }

    /// <summary>Indicates whether a string begins or ends with an affix, or with any of a tuple of affixes.</summary>
    public static object AnyOf(object? affix, string name, string? text, bool ends, Budget budget)
    {
        IEnumerable<object?> affixes = affix is TupleValue tuple ? tuple.Elements : [affix];
        foreach (var item in affixes)
        {
            var expected = Argument.Text(item, name);
            budget.Step();
            budget.Read(expected.Length);
            if (text is not null && (ends ? text.EndsWith(expected, StringComparison.Ordinal) : text.StartsWith(expected, StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    public static object Count(string text, string sub, object? start, object? end)
    {
        if (Part(text, start, end) is not { } part)
            return 0L;
        if (sub.Length == 0)
            return CodePoints.Count(part) + 1L;
        var count = 0L;
        var rest = part.AsSpan();
        for (var at = LinearSearch.First(rest, sub); at >= 0; at = LinearSearch.First(rest, sub))
        {
            rest = rest[(at + sub.Length)..];
            count++;
        }
        return count;
    }

    /// <summary>Returns the code point index of the first or last occurrence, or -1.</summary>
    public static object Find(string text, string sub, object? start, object? end, bool last)
    {
        if (Part(text, start, end) is not { } part)
            return -1L;
        var at = last ? LinearSearch.Last(part, sub) : LinearSearch.First(part, sub);
        if (last && sub.Length == 0)
            at = part.Length;
        return at < 0 ? -1L : (start is null ? 0L : Bounds(text, start, end).Start) + CodePoints.Count(part.AsSpan(0, at));
    }

    public static object Index(string text, string sub, object? start, object? end, bool last) =>
        Find(text, sub, start, end, last) is long and >= 0 and var at ? at : throw new TemplateFault($"{Literal.Short(sub)} is not in the string.");

    /// <summary>Replaces the first <paramref name="count"/> occurrences, or all if it is negative.</summary>
    public static string Replace(string text, string old, string replacement, int count, Budget budget)
    {
        if (count == 0 || (old.Length > 0 && LinearSearch.First(text, old) < 0))
            return text;
        if (old.Length == 0)
            return Interleave(text, replacement, count, budget);
        var replaced = new TextBuilder(budget);
        var start = 0;
        for (var length = LinearSearch.First(text, old); length >= 0 && count != 0; length = LinearSearch.First(text.AsSpan(start), old))
        {
            replaced.Append(text.Substring(start, length)).Append(replacement);
            start += length + old.Length;
            count--;
        }
        return replaced.Append(text[start..]).ToString();
    }

    // An empty string occurs before each code point and at the end.
    private static string Interleave(string text, string replacement, int count, Budget budget)
    {
        var replaced = new TextBuilder(budget);
        var points = CodePoints.Iterate(text);
        // A negative count never reaches 0.
        for (; points.MoveNext(); count -= count == 0 ? 0 : 1)
            replaced.Append(count == 0 ? "" : replacement).Append((string)points.Current!);
        return replaced.Append(count == 0 ? "" : replacement).ToString();
    }

    private static (int Start, int End, int Length) Bounds(string text, object? start, object? end)
    {
        var length = CodePoints.Count(text);
        var (_, to) = new SliceValue(null, end, null).Bounds(length);
        var from = Argument.OptionalInteger(start, "start") ?? 0;
        return (from < 0 ? Math.Max(from + length, 0) : from, to, length);
    }
}
