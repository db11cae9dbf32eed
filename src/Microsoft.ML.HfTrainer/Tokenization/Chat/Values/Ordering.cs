namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The order of values: numbers, strings by code points, lists and tuples by their elements. Others are not ordered.</summary>
internal static class Ordering
{
    /// <summary>Compares for an operator; returns null if the values are unordered (NaN).</summary>
    public static int? Compare(object? left, object? right, string symbol, Budget budget)
    {
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
            return Numbers.Compare(left, right);
        return (left, right) switch
        {
            (string a, string b) => CompareTexts(a, b),
            (ListValue a, ListValue b) => CompareElements(a.Span, b.Span, symbol, budget),
            (TupleValue a, TupleValue b) => CompareElements(a.Span, b.Span, symbol, budget),
            _ => throw (left as Undefined ?? right as Undefined)?.Fault() ?? new TemplateFault(
                $"'{symbol}' does not compare {TypeNames.WithArticle(left)} with {TypeNames.WithArticle(right)}."),
        };
    }

    /// <summary>Sorts stably.</summary>
    public static object?[] Sort(IEnumerable<object?> values, Func<object?, object?> key, bool reverse, Budget budget)
    {
        (object? Key, object? Value)[] keyed = [.. values.Select(value => (key(value), value))];
        budget.Step(keyed.Length);
        var comparer = Comparer<object?>.Create((a, b) =>
        {
            budget.Step();
            var order = Compare(a, b, "<", budget) ?? 0;
            return reverse ? -order : order;
        });
        try
        {
            return [.. keyed.OrderBy(item => item.Key, comparer).Select(item => item.Value)];
        }
        catch (InvalidOperationException error) when (error.InnerException is TemplateFault fault)
        {
            throw new TemplateFault(fault.Message);
        }
    }

    public static int CompareTexts(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        return Weight(left[common]).CompareTo(Weight(right[common]));
    }

    // Surrogates encode code points above all others.
    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;

    private static int? CompareElements(ReadOnlySpan<object?> left, ReadOnlySpan<object?> right, string symbol, Budget budget)
    {
        Budget.CheckDepth();
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            budget.Step();
            if (!Equality.Same(left[i], right[i], budget))
                return Compare(left[i], right[i], symbol, budget);
        }
        return left.Length.CompareTo(right.Length);
    }
}
