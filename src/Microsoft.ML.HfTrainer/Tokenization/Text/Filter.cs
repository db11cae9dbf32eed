using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>Dropping characters from a text.</summary>
internal static class Filter
{
    /// <summary>Drops what <paramref name="unwanted"/> says; a text without such characters is left as it stands.</summary>
    public static void Remove(NormalizedText text, Func<Rune, bool> unwanted)
    {
        if (!Contains(text.Chars, unwanted))
            return;
        text.BeginRewrite();
        foreach (var rune in text.Chars.EnumerateRunes())
        {
            if (unwanted(rune))
                text.Skip();
            else
                text.Replace(rune);
        }
        text.EndRewrite();
    }

    private static bool Contains(ReadOnlySpan<char> text, Func<Rune, bool> unwanted)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (unwanted(rune))
                return true;
        }
        return false;
    }
}
