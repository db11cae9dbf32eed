using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>The character classes that tokenizers use.</summary>
internal static class Characters
{
    /// <summary>Matches control, format and private-use characters, but not unassigned ones, as Hugging Face tokenizers does.</summary>
    public static bool IsOther(Rune rune) => (Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse) != UnicodeDifferences.Others.Contains(rune.Value);

    public static bool IsNonSpacingMark(Rune rune) =>
        (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) != UnicodeDifferences.NonSpacingMarks.Contains(rune.Value);

    public static bool IsMark(Rune rune) => (Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        != UnicodeDifferences.Marks.Contains(rune.Value);

    /// <summary>Matches punctuation of any category and ASCII punctuation, which includes symbols such as $ and +.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? IsAsciiPunctuation((char)rune.Value) : Rune.IsPunctuation(rune) != UnicodeDifferences.Punctuation.Contains(rune.Value);

    public static bool IsAsciiPunctuation(char c) => c is >= '!' and <= '/' or >= ':' and <= '@' or >= '[' and <= '`' or >= '{' and <= '~';

    /// <summary>Matches what <c>\w</c> does: letters, marks, decimal and letter numbers, connectors, and the two joiners.</summary>
    public static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D || (Rune.GetUnicodeCategory(rune)
        is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation) != UnicodeDifferences.WordCharacters.Contains(rune.Value);

    /// <summary>Returns the lower case of one character, including pairs that .NET does not know yet.</summary>
    public static Rune ToLower(Rune rune) => rune.Value switch
    {
        0xA7CE or 0xA7D2 or 0xA7D4 => new Rune(rune.Value + 1),
        >= 0x16EA0 and <= 0x16EB8 => new Rune(rune.Value + 0x1B),
        _ => Rune.ToLowerInvariant(rune),
    };

    /// <summary>Matches the blocks of Chinese characters that BERT surrounds with spaces.</summary>
    public static bool IsChinese(Rune rune) => rune.Value
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    /// <summary>Returns the number of code points in <paramref name="text"/>.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                count--;
        }
        return count;
    }
}
