using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>Removes characters from a text.</summary>
internal static class Filter
{
    /// <summary>
    /// Removes the characters for which <paramref name="unwanted"/> returns true, which must not include printable ASCII. A text without such
    /// characters is not changed.
    /// </summary>
    public static void Remove(NormalizedText text, Func<Rune, bool> unwanted)
    {
        ReadOnlySpan<char> chars = text.Chars;
        var (kept, position) = (0, Find(chars, 0, unwanted));
        if (position == chars.Length)
            return;
        text.BeginRewrite();
        while (position < chars.Length)
        {
            text.Keep(position - kept);
            text.Skip();
            kept = position + (char.IsHighSurrogate(chars[position]) ? 2 : 1);
            position = Find(chars, kept, unwanted);
        }
        text.Keep(chars.Length - kept);
        text.EndRewrite();
    }

    private static int Find(ReadOnlySpan<char> text, int start, Func<Rune, bool> unwanted)
    {
        while (start < text.Length)
        {
            var next = text[start..].IndexOfAnyExceptInRange(' ', '~');
            if (next < 0)
                break;
            for (start += next; start < text.Length && text[start] is < ' ' or > '~';)
            {
                Rune.DecodeFromUtf16(text[start..], out var rune, out var width);
                if (unwanted(rune))
                    return start;
                start += width;
            }
        }
        return text.Length;
    }
}
