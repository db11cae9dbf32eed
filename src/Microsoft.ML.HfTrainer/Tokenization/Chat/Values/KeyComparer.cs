using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>
/// Equality of dict keys: 1, 1.0 and True are the same key. Keys are plain values, objects compared by reference, and tuples of these. Tuples of
/// tuples, which Python also accepts, are rejected, so that the cost of comparing keys is negligible.
/// </summary>
internal sealed class KeyComparer : IEqualityComparer<object>
{
    private static readonly object None = new();

    public static KeyComparer Instance { get; } = new();

    public static bool IsKey(object? value) => IsPlain(value) || (value is TupleValue tuple && tuple.Elements.All(IsPlain));

    /// <summary>Converts the key to the form stored in dictionaries.</summary>
    public static object Check(object? key) =>
        IsKey(key) ? key ?? None : throw new TemplateFault($"{TypeNames.WithArticle(key)} cannot be a dict key.");

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
