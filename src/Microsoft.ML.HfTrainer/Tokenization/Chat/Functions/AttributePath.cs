using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The <c>attribute</c> argument of a filter: a key, an index, or several of them separated by dots.</summary>
internal static class AttributePath
{
    /// <summary>Returns a function from an element to its attribute's value; <paramref name="otherwise"/> replaces undefined values.</summary>
    public static Func<object?, object?> Getter(object? attribute, Budget budget, object? otherwise = null)
    {
        if (attribute is null)
            return item => item;
        object?[] parts = attribute is string path
            ? [.. path.Split('.').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? Integers.Parse(part, 10) : part)]
            : [attribute];
        return item =>
        {
            foreach (var part in parts)
            {
                item = Access.Item(item, part, budget);
                if (otherwise is not null && item is Undefined)
                    item = otherwise;
            }
            return item;
        };
    }

    /// <summary>Returns the same function, optionally ignoring case.</summary>
    public static Func<object?, object?> Getter(object? attribute, bool caseSensitive, Budget budget, object? otherwise = null)
    {
        var get = Getter(attribute, budget, otherwise);
        return caseSensitive ? get : item => IgnoreCase(get(item));
    }

    public static object? IgnoreCase(object? value) => value is string text ? Casing.Lower(text) : value;
}
