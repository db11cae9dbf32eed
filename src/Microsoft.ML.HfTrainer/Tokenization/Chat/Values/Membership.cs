namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The operator <c>in</c>.</summary>
internal static class Membership
{
    public static bool Contains(object? container, object? value, Budget budget) => (container, value) switch
    {
        (string text, string part) => Functions.LinearSearch.First(text, part) >= 0,
        (string, _) => throw (value as Undefined)?.Fault() ?? new TemplateFault($"only a string can be in a string, not {TypeNames.WithArticle(value)}."),
        (MappingValue mapping, _) => mapping.TryGet(value, out _),
        (TemplateObject composite, _) when composite.Iterate() is { } elements => Equality.Contains(elements, value, budget),
        _ => throw new TemplateFault($"'in' cannot search {TypeNames.WithArticle(container)}."),
    };
}
