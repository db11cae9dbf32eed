namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Parses JSON numbers as Hugging Face tokenizers does: the digits as an integer, divided by or multiplied with a power of ten in double precision.
/// The result may differ in the last bit from the correctly rounded number, which decides between paths of equal score.
/// </summary>
internal static class JsonDecimal
{
    private static readonly double[] Powers = [.. Enumerable.Range(0, 309).Select(exponent => double.Parse($"1e{exponent}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Parses a valid JSON number; returns false if it is too large for a double.</summary>
    public static bool TryParse(ReadOnlySpan<byte> number, out double value)
    {
        var (digits, exponent, at) = (0UL, 0L, number[0] == '-' ? 1 : 0);
        var (inFraction, isFull) = (false, false);
        for (; at < number.Length && number[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (number[at] == '.')
            {
                inFraction = true;
                continue;
            }
            var digit = (ulong)(number[at] - '0');
            // Digits that no longer fit are dropped, and so are all after them.
            isFull |= digits > (ulong.MaxValue - digit) / 10;
            if (!isFull)
                digits = (digits * 10) + digit;
            exponent += isFull == inFraction ? 0 : isFull ? 1 : -1;
        }
        if (at < number.Length && System.Buffers.Text.Utf8Parser.TryParse(number[(at + (number[at + 1] == '+' ? 2 : 1))..], out int written, out _))
            exponent += written;
        else if (at < number.Length)
            exponent = number[at + 1] == '-' ? int.MinValue : int.MaxValue;
        value = Scale(digits, exponent);
        value = number[0] == '-' ? -value : value;
        return double.IsFinite(value);
    }

    private static double Scale(double value, long exponent)
    {
        for (; value != 0 && exponent < -308; exponent += 308)
            value /= Powers[308];
        return value == 0 ? value : exponent > 308 ? double.PositiveInfinity : exponent < 0 ? value / Powers[-exponent] : value * Powers[exponent];
    }
}
