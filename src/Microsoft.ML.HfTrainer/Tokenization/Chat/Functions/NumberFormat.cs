using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Formats numbers by the type letters of Python's formats, without sign and padding.</summary>
internal static class NumberFormat
{
    // A sensible maximum; Jinja2 has no limit.
    private const int MaxPrecision = 1000;

    /// <summary>Formats an integer in the base that the type letter specifies.</summary>
    public static string Whole(BigInteger number, char type, bool hasPrefix)
    {
        number = BigInteger.Abs(number);
        return type switch
        {
            'x' => (hasPrefix ? "0x" : "") + InBase(number, 16),
            'X' => (hasPrefix ? "0X" : "") + InBase(number, 16).ToUpperInvariant(),
            'o' => (hasPrefix ? "0o" : "") + InBase(number, 8),
            'b' => (hasPrefix ? "0b" : "") + InBase(number, 2),
            _ => number.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Formats a number with the type letter e, f, g or %; an upper-case letter produces an upper-case exponent.</summary>
    public static string Real(double number, char type, int? precision, bool keepsZeros)
    {
        var places = precision ?? 6;
        if (places > MaxPrecision)
            throw new TemplateFault($"a precision of {places} digits is too large; the limit is {MaxPrecision}.");
        number = Math.Abs(number);
        var text = char.ToLowerInvariant(type) switch
        {
            'e' => RealText.Exponential(number, places),
            'g' => RealText.General(number, places, keepsZeros),
            '%' => RealText.Fixed(number * 100, places) + "%",
            _ => RealText.Fixed(number, places),
        };
        return char.IsAsciiLetterUpper(type) ? text.ToUpperInvariant() : text;
    }

    /// <summary>Inserts a separator between groups of digits before the decimal point.</summary>
    public static string Group(string digits, string separator, int size)
    {
        var end = 0;
        while (end < digits.Length && char.IsAsciiHexDigit(digits[end]))
            end++;
        var grouped = new StringBuilder(digits);
        for (var at = end - size; at > 0; at -= size)
            grouped.Insert(at, separator);
        return grouped.ToString();
    }

    private static string InBase(BigInteger number, int radix)
    {
        if (number.IsZero)
            return "0";
        var digits = new StringBuilder();
        for (; !number.IsZero; number /= radix)
            digits.Insert(0, "0123456789abcdef"[(int)(number % radix)]);
        return digits.ToString();
    }
}
