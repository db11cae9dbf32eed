using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>Dropping characters from a text.</summary>
internal static class Filter
{
    /// <summary>
    /// Drops what <paramref name="unwanted"/> says, which is never printable ASCII; a text without such characters is left as it stands.
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
