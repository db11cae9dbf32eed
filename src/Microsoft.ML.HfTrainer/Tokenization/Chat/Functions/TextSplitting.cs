using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Splits strings.</summary>
internal static class TextSplitting
{
    /// <summary>Splits at a separator, or at runs of whitespace if it is null, at most a given number of times; without limit if that is negative.</summary>
    public static ListValue Split(string text, string? separator, int times, bool fromEnd, Budget budget)
    {
        if (separator is { Length: 0 })
            throw new TemplateFault("a string cannot be split at an empty separator.");
        var parts = (separator, fromEnd) switch
        {
            (null, false) => AtWhitespace(text, times),
            (null, true) => AtWhitespaceFromEnd(text, times),
            (_, false) => At(text, separator, times),
            _ => AtFromEnd(text, separator, times),
        };
        budget.Step(parts.Count);
        budget.Write(text.Length);
        return new ListValue([.. parts]);
    }

    public static ListValue Lines(string text, bool keepsEnds, Budget budget)
    {
        budget.Write(text.Length);
        object?[] lines = [.. Whitespace.Lines(text).Select(line => text[line.Start..(keepsEnds ? line.Next : line.End)])];
        budget.Step(lines.Length);
        return new ListValue(lines);
    }

    /// <summary>Returns the text before the first or last separator, the separator, and the text after it.</summary>
    public static TupleValue Partition(string text, string separator, bool last)
    {
        if (separator.Length == 0)
            throw new TemplateFault("a string cannot be split at an empty separator.");
        var at = last ? LinearSearch.Last(text, separator) : LinearSearch.First(text, separator);
        return at >= 0 ? new TupleValue(text[..at], separator, text[(at + separator.Length)..])
            : last ? new TupleValue("", "", text)
            : new TupleValue(text, "", "");
    }

    private static List<object?> At(string text, string separator, int times)
    {
        var parts = new List<object?>();
        var start = 0;
        for (var length = LinearSearch.First(text, separator); length >= 0 && times != 0; length = LinearSearch.First(text.AsSpan(start), separator))
        {
            parts.Add(text.Substring(start, length));
            start += length + separator.Length;
            times--;
        }
        parts.Add(text[start..]);
        return parts;
    }

    private static List<object?> AtFromEnd(string text, string separator, int times)
    {
        var parts = new List<object?>();
        var end = text.Length;
        for (var at = LinearSearch.Last(text, separator); at >= 0 && times != 0; at = LinearSearch.Last(text.AsSpan(0, end), separator))
        {
            parts.Add(text[(at + separator.Length)..end]);
            end = at;
            times--;
        }
        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    private static List<object?> AtWhitespace(string text, int times)
    {
        var parts = new List<object?>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && Whitespace.Is(text[at]))
                at++;
            if (at == text.Length)
                return parts;
            var start = at;
            if (times-- == 0)
            {
                parts.Add(text[start..]);
                return parts;
            }
            while (at < text.Length && !Whitespace.Is(text[at]))
                at++;
            parts.Add(text[start..at]);
        }
    }

    private static List<object?> AtWhitespaceFromEnd(string text, int times)
    {
        var parts = new List<object?>();
        var end = text.Length;
        while (true)
        {
            while (end > 0 && Whitespace.Is(text[end - 1]))
                end--;
            if (end == 0)
                break;
            var start = end;
            if (times-- == 0)
            {
                parts.Add(text[..end]);
                break;
            }
            while (start > 0 && !Whitespace.Is(text[start - 1]))
                start--;
            parts.Add(text[start..end]);
            end = start;
        }
        parts.Reverse();
        return parts;
    }
}
