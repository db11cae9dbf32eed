using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Arithmetic of integers: <see cref="long"/> if they fit, otherwise <see cref="BigInteger"/>.</summary>
internal static class Integers
{
    // Python's limit on the number of digits of an integer.
    private const int MaxBits = 14_000;

    public static object Normalize(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value
        : value.GetBitLength() <= MaxBits ? value
        : throw new TemplateFault("the number becomes too large.");

    /// <summary>Gets the integer value of a value that has one; booleans count as 0 and 1.</summary>
    public static bool TryGet(object? value, out BigInteger number)
    {
        number = value switch
        {
            long small => small,
            BigInteger big => big,
            bool flag => flag ? 1 : 0,
            _ => default,
        };
        return value is long or BigInteger or bool;
    }

    /// <summary>Converts a value to an integer for counting or indexing; values out of range are clamped.</summary>
    public static int Index(object? value, string what) =>
        TryGet(value, out var number)
            ? (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, number))
            : throw new TemplateFault($"{what} must be a whole number, not {TypeNames.WithArticle(value)}.");

    public static object Power(BigInteger value, BigInteger exponent)
    {
        if (value.IsZero || value.IsOne)
            return Normalize(exponent.IsZero ? BigInteger.One : value);
        if (value == BigInteger.MinusOne)
            return exponent.IsEven ? 1L : -1L;
        if (exponent * (value.GetBitLength() - 1) > MaxBits)
            throw new TemplateFault("the number becomes too large.");
        return Normalize(BigInteger.Pow(value, (int)exponent));
    }

    public static BigInteger FloorDivide(BigInteger left, BigInteger right, out BigInteger remainder)
    {
        if (right.IsZero)
            throw new TemplateFault("division by zero.");
        var quotient = BigInteger.DivRem(left, right, out remainder);
        if (remainder.IsZero || remainder.Sign == right.Sign)
            return quotient;
        remainder += right;
        return quotient - 1;
    }

    /// <summary>Parses as Python's <c>int(text, radix)</c> does; returns null if the text is not a number.</summary>
    public static object? Parse(string text, int radix)
    {
        var digits = Whitespace.Trim(text, null, true, true).AsSpan();
        var isNegative = digits is ['-', ..];
        if (digits is ['-' or '+', ..])
            digits = digits[1..];
        var prefix = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefix > 0 && (radix == prefix || radix == 0))
        {
            digits = digits[2..];
            radix = prefix;
            if (digits is ['_', ..])
                digits = digits[1..];
        }
        if (radix == 0)
            radix = 10;
        if (digits.Length is 0 or > 4300 || digits[0] == '_' || digits[^1] == '_')
            return null;
        var value = BigInteger.Zero;
        for (var i = 0; i < digits.Length; i++)
        {
            if (digits[i] == '_' && digits[i - 1] != '_')
                continue;
            var digit = char.IsAsciiDigit(digits[i]) ? digits[i] - '0' : char.IsAsciiLetter(digits[i]) ? char.ToLowerInvariant(digits[i]) - 'a' + 10
                : char.IsDigit(digits[i]) ? (int)char.GetNumericValue(digits[i]) : int.MaxValue;
            if (digit >= radix)
                return null;
            value = (value * radix) + digit;
        }
        return Normalize(isNegative ? -value : value);
    }
}
