using System.Globalization;
using System.Numerics;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Filters that take or return numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] Powers = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

    public static object? Absolute(object? value) =>
        Integers.TryGet(value, out var whole) ? Integers.Normalize(BigInteger.Abs(whole))
        : value is double real ? Math.Abs(real)
        : throw new TemplateFault($"the filter 'abs' does not take {TypeNames.WithArticle(value)}.");

    /// <summary>Converts the value to an integer; returns null if that is not possible.</summary>
    public static object? ToInteger(object? value, int radix)
    {
        if (value is Undefined undefined)
            throw undefined.Fault();
        if (Integers.TryGet(value, out var whole))
            return Integers.Normalize(whole);
        var real = value switch
        {
            string text => Integers.Parse(text, radix) is { } parsed ? parsed : ParseReal(text),
            double number => number,
            _ => null,
        };
        return real is double cut ? double.IsFinite(cut) ? Integers.Normalize(new BigInteger(cut)) : null : real;
    }

    /// <summary>Converts the value to a floating-point number; returns null if that is not possible.</summary>
    public static object? ToReal(object? value) => value switch
    {
        Undefined undefined => throw undefined.Fault(),
        string text => ParseReal(text),
        _ => Numbers.IsNumber(value) ? Numbers.Real(value) : null,
    };

    public static object Round(object? value, int precision, string method)
    {
        if (!Numbers.IsNumber(value))
            throw (value as Undefined)?.Fault() ?? new TemplateFault($"the filter 'round' does not take {TypeNames.WithArticle(value)}.");
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateFault($"'method' is '{method}'; it must be 'common', 'ceil' or 'floor'.");
        if (method == "common")
            return value is double real ? RealText.Round(real, precision) : RoundWhole(value, precision);
        var power = Math.Pow(10, precision);
        var scaled = Numbers.Real(value) * power;
        return (method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / power;
    }

    public static string FileSize(object? value, bool isBinary)
    {
        var size = ToReal(value) is double number ? number : throw new TemplateFault($"the filter 'filesizeformat' does not take {TypeNames.WithArticle(value)}.");
        double unit = isBinary ? 1024 : 1000;
        if (size == 1)
            return "1 Byte";
        if (size < unit)
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(size):0} Bytes");
        var place = 0;
        var limit = unit * unit;
        while (size >= limit && place < Powers.Length - 1)
            (place, limit) = (place + 1, limit * unit);
        var power = isBinary ? Powers[place].ToUpperInvariant() + "iB" : Powers[place] + "B";
        return $"{RealText.Fixed(unit * size / limit, 1)} {power}";
    }

    private static object RoundWhole(object? value, int precision)
    {
        Integers.TryGet(value, out var whole);
        if (precision >= 0)
            return Integers.Normalize(whole);
        if (precision < -4000)
            return 0L;
        var power = BigInteger.Pow(10, -precision);
        var floor = Integers.FloorDivide(whole, power, out var rest);
        var half = (rest * 2).CompareTo(power);
        return Integers.Normalize((half > 0 || (half == 0 && !floor.IsEven) ? floor + 1 : floor) * power);
    }

    private static object? ParseReal(string text)
    {
        text = Whitespace.Trim(text, null, left: true, right: true);
        var unsigned = text.TrimStart('+', '-');
        if (text.Length - unsigned.Length <= 1 && unsigned.ToLowerInvariant() is "inf" or "infinity" or "nan")
            return unsigned[0] is 'n' or 'N' ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        var digits = text.Replace("_", "");
        var isWritten = digits.Length > 0 && digits.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E');
        return isWritten && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null;
    }
}
