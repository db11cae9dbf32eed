using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>
/// Equality of keys of dicts: 1, 1.0 and True are one key. Keys are plain values, objects that equal themselves alone, and tuples of such;
/// tuples of tuples, which Python also takes, are refused, so that comparing keys takes no time to speak of.
/// </summary>
internal sealed class KeyComparer : IEqualityComparer<object>
{
    private static readonly object None = new();

    public static KeyComparer Instance { get; } = new();

    public static bool IsKey(object? value) => IsPlain(value) || (value is TupleValue tuple && tuple.Elements.All(IsPlain));

    /// <summary>The key as a dictionary takes it.</summary>
    public static object Check(object? key) =>
        IsKey(key) ? key ?? None : throw new TemplateFault($"{TypeNames.WithArticle(key)} cannot be a key.");

    public new bool Equals(object? x, object? y) => (x, y) switch
    {
        (TupleValue a, TupleValue b) => a.Count == b.Count && a.Elements.Zip(b.Elements).All(pair => Equals(pair.First, pair.Second)),
        (string a, string b) => a == b,
        (Undefined, Undefined) => true,
        _ => Numbers.IsNumber(x) && Numbers.IsNumber(y) ? Numbers.Compare(x, y) == 0 : ReferenceEquals(x, y),
    };

    public int GetHashCode(object obj) => obj switch
    {
        TupleValue tuple => tuple.Elements.Aggregate(tuple.Count, (hash, item) => HashCode.Combine(hash, item is null ? 0 : GetHashCode(item))),
        string text => text.GetHashCode(StringComparison.Ordinal),
        bool flag => flag ? 1L.GetHashCode() : 0L.GetHashCode(),
        BigInteger number => ((double)number).GetHashCode(),
        double number => Math.Floor(number) == number && Math.Abs(number) < long.MaxValue ? ((long)number).GetHashCode() : number.GetHashCode(),
        long number => number.GetHashCode(),
        Undefined => 0,
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj),
    };

    private static bool IsPlain(object? value) => value is not (ListValue or MappingValue or TupleValue or ViewValue);
}
