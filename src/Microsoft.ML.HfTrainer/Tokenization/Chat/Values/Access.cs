using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Evaluates <c>value.name</c> and <c>value[key]</c>.</summary>
internal static class Access
{
    /// <summary>Evaluates <c>target.name</c>: the attribute, otherwise the element with that key.</summary>
    public static object? Attribute(object? target, string name, Budget budget) =>
        TryAttribute(target, name, out var value) || TryItem(target, name, budget, out value) ? value : Undefined.Element(target, name);

    /// <summary>Evaluates <c>target[key]</c>: the element, otherwise the attribute with that name.</summary>
    public static object? Item(object? target, object? key, Budget budget) =>
        TryItem(target, key, budget, out var value) || (key is string name && TryAttribute(target, name, out value)) ? value
        : key is SliceValue ? throw new TemplateFault($"{TypeNames.WithArticle(target)} cannot be sliced.")
        : Undefined.Element(target, key);

    /// <summary>Finds an attribute, or a method of the value's type. A method that would modify the value is undefined.</summary>
    public static bool TryAttribute(object? target, string name, out object? value)
    {
        if (target is TemplateObject composite && composite.TryAttribute(name, out value))
            return true;
        value = Methods.Find(target, name) is { } method
            ? new BoundMethod(target, method)
            : Methods.Changes(target, name)
                ? Undefined.Because($"'{name}' would modify {TypeNames.WithArticle(target)}, which templates cannot do; use '+' or a namespace.")
                : null;
        return value is not null;
    }

    private static bool TryItem(object? target, object? key, Budget budget, out object? item)
    {
        if (target is TemplateObject composite)
            return composite.TryItem(key, budget, out item);
        item = null;
        if (target is not string text)
            return false;
        budget.Read(text.Length);
        if (key is SliceValue slice)
        {
            item = CodePoints.Slice(text, slice, budget);
            return true;
        }
        if (!Integers.TryGet(key, out var place))
            return false;
        var count = CodePoints.Count(text);
        if (place < 0)
            place += count;
        if (place < 0 || place >= count)
            return false;
        var at = CodePoints.Place(text, (int)place);
        item = text.Substring(at, at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1);
        return true;
    }
}
