using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>What a text consists of.</summary>
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

    /// <summary>Whether all letters that have a case are of one case, and there is one.</summary>
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

    /// <summary>Whether upper-case letters begin words and lower-case ones follow.</summary>
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
