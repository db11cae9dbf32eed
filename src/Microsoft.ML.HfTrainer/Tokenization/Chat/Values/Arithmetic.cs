using System.Numerics;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The arithmetic operators.</summary>
internal static class Arithmetic
{
    /// <summary>The binary operators by their symbols.</summary>
    public static IReadOnlyDictionary<string, Func<object?, object?, Budget, object?>> Operators { get; } =
        new Dictionary<string, Func<object?, object?, Budget, object?>>
        {
            ["+"] = Add,
            ["-"] = (a, b, _) => Compute("-", a, b, (x, y) => x - y, (x, y) => x - y),
            ["*"] = Multiply,
            ["/"] = (a, b, _) => Compute("/", a, b, Divide, (x, y) => y == 0 ? throw DividedByZero() : x / y),
            ["//"] = (a, b, _) => Compute("//", a, b, (x, y) => Integers.FloorDivide(x, y, out var _), (x, y) => y == 0 ? throw DividedByZero() : Math.Floor(x / y)),
            ["%"] = Modulo,
            ["**"] = (a, b, _) => Compute("**", a, b, Power, RealPower),
        };

    public static object? Negate(object? value) => Signed("-", value, number => -number, real => -real);

    public static object? Plus(object? value) => Signed("+", value, number => number, real => real);

    private static object? Signed(string symbol, object? value, Func<BigInteger, BigInteger> whole, Func<double, double> real) =>
        Integers.TryGet(value, out var number) ? Integers.Normalize(whole(number))
        : value is double floating ? real(floating)
        : throw (value as Undefined)?.Fault() ?? new TemplateFault($"'{symbol}' does not take {TypeNames.WithArticle(value)}.");

    private static object? Add(object? left, object? right, Budget budget)
    {
        switch (left, right)
        {
            case (long a, long b):
                return Integers.Normalize((BigInteger)a + b);
            case (string a, string b):
                budget.Write(a.Length + b.Length);
                return a + b;
            case (ListValue a, ListValue b):
                budget.Step(a.Count + b.Count);
                return new ListValue([.. a.Span, .. b.Span]);
            case (TupleValue a, TupleValue b):
                budget.Step(a.Count + b.Count);
                return new TupleValue([.. a.Span, .. b.Span]);
            case (string, not Undefined) or (not Undefined, string):
                throw new TemplateFault($"'+' does not add {TypeNames.WithArticle(left)} and {TypeNames.WithArticle(right)}; use '~' to concatenate values as strings.");
            default:
                return Compute("+", left, right, (x, y) => x + y, (x, y) => x + y);
        }
    }

    private static object? Multiply(object? left, object? right, Budget budget) =>
        (left, right) switch
        {
            (string or ListValue or TupleValue, long or bool or BigInteger) => Repeat(left, Integers.Index(right, "a number of repetitions"), budget),
            (long or bool or BigInteger, string or ListValue or TupleValue) => Repeat(right, Integers.Index(left, "a number of repetitions"), budget),
            _ => Compute("*", left, right, (x, y) => x * y, (x, y) => x * y),
        };

    private static object? Repeat(object? value, int times, Budget budget)
    {
        times = Math.Max(times, 0);
        switch (value)
        {
            case string text:
                budget.Write((long)text.Length * times);
                return text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, times));
            case ListValue list:
                return new ListValue(Repeat(list.Span, times, budget));
            default:
                return new TupleValue(Repeat(((TupleValue)value!).Span, times, budget));
        }
    }

    private static object?[] Repeat(ReadOnlySpan<object?> items, int times, Budget budget)
    {
        budget.Step((long)items.Length * times);
        var repeated = new object?[items.Length * times];
        for (var at = 0; at < repeated.Length; at += items.Length)
            items.CopyTo(repeated.AsSpan(at));
        return repeated;
    }

    private static object? Modulo(object? left, object? right, Budget budget) =>
        left is string format
            ? PercentFormat.Apply(format, right, budget)
            : Compute("%", left, right, (x, y) => { Integers.FloorDivide(x, y, out var rest); return rest; }, RealModulo);

    private static double RealModulo(double left, double right)
    {
        if (right == 0)
            throw DividedByZero();
        var rest = left % right;
        return rest == 0 ? Math.CopySign(0, right) : (rest < 0) != (right < 0) ? rest + right : rest;
    }

    private static object Divide(BigInteger left, BigInteger right) =>
        right.IsZero ? throw DividedByZero() : (double)left / (double)right;

    private static object Power(BigInteger left, BigInteger right) =>
        right.Sign >= 0 ? Integers.Power(left, right) : RealPower((double)left, (double)right);

    private static double RealPower(double left, double right)
    {
        if (left == 0 && right < 0)
            throw DividedByZero();
        if (left < 0 && right != Math.Floor(right))
            throw new TemplateFault("a root of a negative number is not a real number.");
        return Math.Pow(left, right);
    }

    private static object? Compute(
        string symbol, object? left, object? right, Func<BigInteger, BigInteger, object> whole, Func<double, double, double> real)
    {
        if (Integers.TryGet(left, out var a) & Integers.TryGet(right, out var b))
        {
            var result = whole(a, b);
            return result is BigInteger number ? Integers.Normalize(number) : result;
        }
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
            return real(Numbers.Real(left), Numbers.Real(right));
        throw (left as Undefined ?? right as Undefined)?.Fault() ?? new TemplateFault(
            $"'{symbol}' does not take {TypeNames.WithArticle(left)} and {TypeNames.WithArticle(right)}.");
    }

    private static object? Compute(
        string symbol, object? left, object? right, Func<BigInteger, BigInteger, BigInteger> whole, Func<double, double, double> real) =>
        Compute(symbol, left, right, (x, y) => (object)whole(x, y), real);

    private static TemplateFault DividedByZero() => new("division by zero.");
}
