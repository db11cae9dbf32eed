using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Pads strings to a width.</summary>
internal static class Padding
{
    public static string Add(string text, int width, string fill, bool left, Budget budget)
    {
        var missing = width - CodePoints.Count(text);
        if (missing <= 0)
            return text;
        var padding = Repeat(fill, missing, budget);
        return left ? padding + text : text + padding;
    }

    public static string Center(string text, int width, string fill, Budget budget)
    {
        var missing = width - CodePoints.Count(text);
        if (missing <= 0)
            return text;
        // If the padding is odd, the extra character goes to the left if the width is odd, too.
        var left = (missing / 2) + (missing & width & 1);
        return Repeat(fill, left, budget) + text + Repeat(fill, missing - left, budget);
    }

    public static string Zeros(string text, int width, Budget budget)
    {
        var missing = width - CodePoints.Count(text);
        if (missing <= 0)
            return text;
        var sign = text is ['-' or '+', ..] ? 1 : 0;
        return text[..sign] + Repeat("0", missing, budget) + text[sign..];
    }

    public static string ExpandTabs(string text, int size, Budget budget)
    {
        var expanded = new TextBuilder(budget);
        var column = 0;
        foreach (var c in text)
        {
            if (c != '\t')
            {
                expanded.Append(c);
                column = c is '\n' or '\r' ? 0 : char.IsLowSurrogate(c) ? column : column + 1;
                continue;
            }
            var spaces = size > 0 ? size - (column % size) : 0;
            expanded.Append(' ', spaces);
            column += spaces;
        }
        return expanded.ToString();
    }

    public static string Repeat(string fill, int count, Budget budget)
    {
        budget.Write((long)fill.Length * count);
        return fill.Length == 1 ? new string(fill[0], count) : string.Concat(Enumerable.Repeat(fill, count));
    }
}
