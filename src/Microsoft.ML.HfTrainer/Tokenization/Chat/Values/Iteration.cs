namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Iteration over values.</summary>
internal static class Iteration
{
    public static IEnumerator<object?>? TryOver(object? value) => value switch
    {
        string text => CodePoints.Iterate(text),
        TemplateObject composite => composite.Iterate(),
        _ => null,
    };

    public static IEnumerator<object?> Over(object? value) =>
        TryOver(value) ?? throw new TemplateFault($"{TypeNames.WithArticle(value)} cannot be iterated over.");

    /// <summary>Returns the elements, each charged to the budget.</summary>
    public static IEnumerable<object?> Elements(object? value, Budget budget)
    {
        var elements = Over(value);
        while (elements.MoveNext())
        {
            budget.Step();
            yield return elements.Current;
        }
    }

    public static object?[] ToArray(object? value, Budget budget) => [.. Elements(value, budget)];

    /// <summary>Returns the number of elements (code points of a string), or null if the value has no length.</summary>
    public static int? Length(object? value) => value switch
    {
        string text => CodePoints.Count(text),
        TemplateObject composite => composite.Length,
        _ => null,
    };

    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        TemplateObject composite => composite.Truth,
        double real => real != 0,
        _ => Numbers.Compare(value, 0L) != 0,
    };
}
