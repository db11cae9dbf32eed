using System.Buffers;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>Lower-casing, whitespace and words as in Python, so that texts of any language are split as by the Python metrics.</summary>
internal static class PlainText
{
    private const int DottedCapitalI = 0x130, CapitalSigma = 0x3A3, Sigma = 0x3C3, FinalSigma = 0x3C2;

    private static readonly SearchValues<char> _punctuation = SearchValues.Create("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>ASCII punctuation and symbols.</summary>
    public static bool IsPunctuation(char c) => _punctuation.Contains(c);

    /// <summary>Unicode whitespace, and the four ASCII separators among the control characters.</summary>
    public static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';

    /// <summary>Letters, numbers and the underscore, but not combining marks.</summary>
    public static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber || rune.Value == '_';

    /// <summary>Splits a text at whitespace.</summary>
    public static List<string> Split(ReadOnlySpan<char> text)
    {
        var words = new List<string>();
        for (int end, start = 0; start < text.Length; start = end + 1)
        {
            for (end = start; end < text.Length && !IsBlank(text[end]);)
                end++;
            if (end > start)
                words.Add(text[start..end].ToString());
        }
        return words;
    }

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsBlank(text[end - 1]))
            end--;
        return text[..end];
    }

    public static string Lower(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var runes = Runes(text);
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            _ = runes[i].Value switch
            {
                DottedCapitalI => lower.Append("i\u0307"),
                CapitalSigma => lower.Append((char)(EndsWord(runes, i) ? FinalSigma : Sigma)),
                _ => lower.Append(Rune.ToLowerInvariant(runes[i]).ToString()),
            };
        }
        return lower.ToString();
    }

    /// <summary>Returns the code points; a lone surrogate becomes the replacement character.</summary>
    public static Rune[] Runes(string text)
    {
        var (runes, count) = (new Rune[text.Length], 0);
        foreach (var rune in text.EnumerateRunes())
            runes[count++] = rune;
        return runes[..count];
    }

    // Indicates whether a letter precedes and none follows, ignoring combining marks.
    private static bool EndsWord(Rune[] text, int at)
    {
        var (before, after) = (at - 1, at + 1);
        while (before >= 0 && IsPassedOver(text[before]))
            before--;
        while (after < text.Length && IsPassedOver(text[after]))
            after++;
        return before >= 0 && IsCased(text[before]) && !(after < text.Length && IsCased(text[after]));
    }

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsPassedOver(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2018 or 0x2019 or 0x2024 or 0x2027
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
