using System.Buffers;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Whitespace and line ends as defined by Python's strings.</summary>
internal static class Whitespace
{
    // .NET does not count the four separators of ASCII as whitespace.
    public static bool Is(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    public static bool EndsLine(char c) => c is >= '\n' and <= '\r' or >= '\u001C' and <= '\u001E' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>Returns the lines of a text, each with its end and the start of the next one.</summary>
    public static IEnumerable<(int Start, int End, int Next)> Lines(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = start;
            while (end < text.Length && !EndsLine(text[end]))
                end++;
            var next = end < text.Length && text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : Math.Min(end + 1, text.Length);
            yield return (start, end, next);
            start = next;
        }
    }

    public static string Trim(string text, string? characters, bool left, bool right)
    {
        var stripped = characters is null ? null : SearchValues.Create(characters);
        var (start, end) = (0, text.Length);
        while (left && start < end && Strips(text[start], stripped))
            start++;
        while (right && end > start && Strips(text[end - 1], stripped))
            end--;
        return text[start..end];
    }

    private static bool Strips(char c, SearchValues<char>? stripped) => stripped?.Contains(c) ?? Is(c);
}
