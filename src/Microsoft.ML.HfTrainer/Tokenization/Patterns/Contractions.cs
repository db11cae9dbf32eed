namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>English contractions, which the patterns of byte-level vocabularies make words of their own.</summary>
internal static class Contractions
{
    /// <summary>How many units of <c>'s|'t|'re|'ve|'m|'ll|'d</c> stand at <paramref name="start"/>, or 0.</summary>
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

    // Of all other letters the long s alone has one of these as its other case.
    private static char Fold(char c, bool ignoreCase) =>
        !ignoreCase ? c : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c == '\u017F' ? 's' : c;
}
