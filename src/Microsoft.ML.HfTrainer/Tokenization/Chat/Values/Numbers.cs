using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Integers and floating-point numbers; booleans count as 0 and 1.</summary>
internal static class Numbers
{
    public static bool IsNumber(object? value) => value is long or double or bool or BigInteger;

    public static double Real(object? value) => value switch
    {
        double real => real,
        long number => number,
        bool flag => flag ? 1 : 0,
        BigInteger number => (double)number,
        _ => throw new TemplateFault($"{TypeNames.WithArticle(value)} is not a number."),
    };

    /// <summary>Compares exactly; returns null if either is NaN.</summary>
    public static int? Compare(object? left, object? right)
    {
        if (left is long a && right is long b)
            return a.CompareTo(b);
        if (left is double or BigInteger || right is double or BigInteger)
            return CompareWide(left, right);
        Integers.TryGet(left, out var first);
        Integers.TryGet(right, out var second);
        return first.CompareTo(second);
    }

    private static int? CompareWide(object? left, object? right)
    {
        var isWhole = Integers.TryGet(left, out var first) & Integers.TryGet(right, out var second);
        if (isWhole)
            return first.CompareTo(second);
        if (left is double x && right is double y)
            return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
        var (real, whole, sign) = left is double l ? (l, second, 1) : ((double)right!, first, -1);
        if (double.IsNaN(real))
            return null;
        if (double.IsInfinity(real))
            return real > 0 ? sign : -sign;
        var floor = Math.Floor(real);
        var compared = new BigInteger(floor).CompareTo(whole);
        return sign * (compared == 0 && real > floor ? 1 : compared);
    }
}
