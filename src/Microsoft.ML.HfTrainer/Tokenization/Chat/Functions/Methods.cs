using System.Collections.Frozen;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The methods of values, by type.</summary>
internal static class Methods
{
    private static readonly FunctionTable None = new("method");

    private static readonly FrozenSet<string> ChangeLists =
        FrozenSet.Create(StringComparer.Ordinal, "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private static readonly FrozenSet<string> ChangeMappings = FrozenSet.Create(StringComparer.Ordinal, "clear", "pop", "popitem", "setdefault", "update");

    public static Function? Find(object? target, string name) => (target switch
    {
        string => TextMethods.All,
        MappingValue => CollectionMethods.OfMappings,
        ListValue or TupleValue or RangeValue => CollectionMethods.OfSequences,
        double => NumberMethods.OfReals,
        _ => None,
    }).Find(name);

    /// <summary>Indicates whether Python's type has a method of that name that would modify the value.</summary>
    public static bool Changes(object? target, string name) => target switch
    {
        ListValue => ChangeLists.Contains(name),
        MappingValue => ChangeMappings.Contains(name),
        _ => false,
    };
}
