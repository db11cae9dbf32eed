using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Tests of the characters of a text.</summary>
internal static class CharacterTests
{
    public static bool All(string text, Func<Rune, bool> test)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!test(rune))
                return false;
        }
        return text.Length > 0;
    }

    public static bool IsLetter(Rune rune) => Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherLetter;

    public static bool IsDecimal(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsDigit(Rune rune) => IsDecimal(rune)
        || CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0;

    public static bool IsNumeric(Rune rune) => CharUnicodeInfo.GetNumericValue(rune.ToString(), 0) >= 0;

    public static bool IsIdentifier(string text) =>
        text.Length > 0 && !IsDecimal(text.EnumerateRunes().First()) && All(text, rune => rune.Value == '_' || Rune.IsLetterOrDigit(rune));

    /// <summary>Indicates whether all cased letters have the given case, and there is at least one.</summary>
    public static bool IsCased(string text, bool upper)
    {
        var found = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (upper ? Casing.IsLower(rune) : Casing.IsUpper(rune))
                return false;
            found |= upper ? Casing.IsUpper(rune) : Casing.IsLower(rune);
        }
        return found;
    }

    /// <summary>Indicates whether words begin with upper-case letters and continue with lower-case ones.</summary>
    public static bool IsTitle(string text)
    {
        var (found, inside) = (false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var (upper, lower) = (Casing.IsUpper(rune), Casing.IsLower(rune));
            if ((upper && inside) || (lower && !inside))
                return false;
            inside = upper || lower;
            found |= inside;
        }
        return found;
    }
}
