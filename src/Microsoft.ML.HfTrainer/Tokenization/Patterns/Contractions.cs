namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>English contractions, which the patterns of byte-level vocabularies split off.</summary>
internal static class Contractions
{
    /// <summary>Returns the length of the match of <c>'s|'t|'re|'ve|'m|'ll|'d</c> at <paramref name="start"/>, or 0.</summary>
    public static int Length(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        if (text[start] != '\'' || start + 1 >= text.Length)
            return 0;
        var first = Fold(text[start + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
            return 2;
        if (first is not ('r' or 'v' or 'l') || start + 2 >= text.Length)
            return 0;
        var second = Fold(text[start + 2], ignoreCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    // Among all other letters, only the long s (U+017F) is a case variant of one of these.
    private static char Fold(char c, bool ignoreCase) =>
        !ignoreCase ? c : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c == '\u017F' ? 's' : c;
}
