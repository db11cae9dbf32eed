using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Formats and rounds floating-point numbers as Python does.</summary>
internal static class RealText
{
    /// <summary>Returns the shortest digits that round-trip, with an exponent below 0.0001 and from 10^16.</summary>
    public static string Shortest(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        var (digits, exponent) = ShortestDigits(value);
        return Sign(value) + (exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Plain(digits, exponent));
    }

    /// <summary>Formats with the given number of decimal places, rounding half to even.</summary>
    public static string Fixed(double value, int places)
    {
        if (!double.IsFinite(value))
            return Shortest(value);
        var digits = BigInteger.Abs(Scaled(value, places)).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return Sign(value) + (places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}");
    }

    /// <summary>Formats with one digit before the decimal point, the given number after it, and an exponent.</summary>
    public static string Exponential(double value, int places)
    {
        if (!double.IsFinite(value))
            return Shortest(value);
        var (digits, exponent) = Significant(value, places + 1);
        return Sign(value) + digits[0] + (places == 0 ? "" : "." + digits[1..]) + Exponent(exponent);
    }

    /// <summary>
    /// Formats with the given number of significant digits, and with an exponent only if the number is very small or has more digits; without
    /// trailing zeros.
    /// </summary>
    public static string General(double value, int count, bool keepsZeros = false)
    {
        if (!double.IsFinite(value))
            return Shortest(value);
        count = Math.Max(count, 1);
        var (digits, exponent) = Significant(value, count);
        var kept = keepsZeros ? digits : digits.TrimEnd('0').PadRight(1, '0');
        if (exponent < -4 || exponent >= count)
            return Sign(value) + kept[0] + (kept.Length > 1 ? "." + kept[1..] : "") + Exponent(exponent);
        var plain = Plain(kept, exponent);
        return Sign(value) + (plain.EndsWith(".0", StringComparison.Ordinal) && kept.Length <= exponent + 1 ? plain[..^2] : plain);
    }

    /// <summary>Rounds to the given number of decimal places, or to a power of ten if it is negative.</summary>
    public static double Round(double value, int places)
    {
        if (!double.IsFinite(value) || places > 323)
            return value;
        if (places < -308)
            return 0.0 * value;
        var rounded = double.Parse(
            Scaled(value, places).ToString(CultureInfo.InvariantCulture) + "E" + (-places).ToString(CultureInfo.InvariantCulture),
            NumberStyles.Float, CultureInfo.InvariantCulture);
        return rounded == 0 ? Math.CopySign(0.0, value) : rounded;
    }

    // Returns the number times a power of ten as an integer, computed exactly.
    private static BigInteger Scaled(double value, int places)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = exponent == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        var denominator = BigInteger.One;
        var shift = Math.Max(exponent, 1) - 1075;
        if (shift >= 0)
            numerator <<= shift;
        else
            denominator <<= -shift;
        if (places >= 0)
            numerator *= BigInteger.Pow(10, places);
        else
            denominator *= BigInteger.Pow(10, -places);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var half = (remainder * 2).CompareTo(denominator);
        if (half > 0 || (half == 0 && !quotient.IsEven))
            quotient++;
        return value < 0 ? -quotient : quotient;
    }

    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
            return (new string('0', count), 0);
        // The shortest digits may have been rounded up to a power of ten that the number itself does not reach.
        var exponent = ShortestDigits(value).Exponent;
        var digits = BigInteger.Abs(Scaled(value, count - 1 - exponent)).ToString(CultureInfo.InvariantCulture);
        return digits.Length > count ? (digits[..count], exponent + 1)
            : digits.Length < count ? (BigInteger.Abs(Scaled(value, count - exponent)).ToString(CultureInfo.InvariantCulture), exponent - 1)
            : (digits, exponent);
    }

    // Returns the digits without leading and trailing zeros, and the decimal exponent of the first digit.
    private static (string Digits, int Exponent) ShortestDigits(double value)
    {
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E');
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.') is >= 0 and var dot ? dot : mantissa.Length;
        var digits = mantissa.Replace(".", "");
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return digits.Length == 0 ? ("0", 0) : (digits, exponent + point - 1 - leading);
    }

    private static string Sign(double value) => double.IsNegative(value) ? "-" : "";

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        digits = digits.PadRight(exponent + 1, '0');
        return digits[..(exponent + 1)] + "." + (digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0");
    }

    private static string Scientific(string digits, int exponent) =>
        digits[0] + (digits.Length > 1 ? "." + digits[1..] : "") + Exponent(exponent);

    private static string Exponent(int exponent) =>
        string.Create(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
}
