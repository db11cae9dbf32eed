namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The comparison operators.</summary>
internal static class Comparison
{
    public static IReadOnlyList<string> Symbols { get; } = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"];

    public static bool Apply(string symbol, object? left, object? right, Budget budget)
    {
        if (left is string && right is string text)
            budget.Read(text.Length);
        return Compare(symbol, left, right, budget);
    }

    private static bool Compare(string symbol, object? left, object? right, Budget budget) => symbol switch
    {
        "==" => Equality.Same(left, right, budget),
        "!=" => !Equality.Same(left, right, budget),
        "<" => Ordering.Compare(left, right, symbol, budget) < 0,
        "<=" => Ordering.Compare(left, right, symbol, budget) <= 0,
        ">" => Ordering.Compare(left, right, symbol, budget) > 0,
        ">=" => Ordering.Compare(left, right, symbol, budget) >= 0,
        "in" => Membership.Contains(right, left, budget),
        _ => !Membership.Contains(right, left, budget),
    };
}
