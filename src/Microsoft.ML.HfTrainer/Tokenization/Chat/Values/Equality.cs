namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The operator <c>==</c>.</summary>
internal static class Equality
{
    public static bool Same(object? left, object? right, Budget budget)
    {
        if (ReferenceEquals(left, right))
            return left is not double.NaN;
        switch (left, right)
        {
            case (string a, string b):
                return a == b;
            case (ListValue a, ListValue b):
                return Same(a.Span, b.Span, budget);
            case (TupleValue a, TupleValue b):
                return Same(a.Span, b.Span, budget);
            case (MappingValue a, MappingValue b):
                return Same(a, b, budget);
            case (RangeValue a, RangeValue b):
                return a.Elements.SequenceEqual(b.Elements);
            case (Undefined, Undefined):
                return true;
            case (BoundMethod a, BoundMethod b):
                return a.Function == b.Function && ReferenceEquals(a.Target, b.Target);
            default:
                return Numbers.IsNumber(left) && Numbers.IsNumber(right) && Numbers.Compare(left, right) == 0;
        }
    }

    /// <summary>Indicates whether any of the elements equals the value.</summary>
    public static bool Contains(IEnumerator<object?> elements, object? value, Budget budget)
    {
        while (elements.MoveNext())
        {
            budget.Step();
            if (Same(elements.Current, value, budget))
                return true;
        }
        return false;
    }

    private static bool Same(ReadOnlySpan<object?> left, ReadOnlySpan<object?> right, Budget budget)
    {
        if (left.Length != right.Length)
            return false;
        Budget.CheckDepth();
        for (var i = 0; i < left.Length; i++)
        {
            budget.Step();
            if (!Same(left[i], right[i], budget))
                return false;
        }
        return true;
    }

    private static bool Same(MappingValue left, MappingValue right, Budget budget)
    {
        if (left.Length != right.Length)
            return false;
        Budget.CheckDepth();
        foreach (var (key, value) in left.Entries)
        {
            budget.Step();
            if (!right.TryGet(key, out var other) || !Same(value, other, budget))
                return false;
        }
        return true;
    }
}
