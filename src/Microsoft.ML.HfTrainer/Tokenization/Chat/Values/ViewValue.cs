namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A view of the keys, values or entries of a dict.</summary>
internal sealed class ViewValue(MappingValue mapping, string name, Func<KeyValuePair<object?, object?>, object?> element) : TemplateObject
{
    public override string TypeName => name;

    public override int? Length => mapping.Length;

    public static ViewValue Keys(MappingValue mapping) => new(mapping, "dict_keys", entry => entry.Key);

    public static ViewValue Values(MappingValue mapping) => new(mapping, "dict_values", entry => entry.Value);

    public static ViewValue Items(MappingValue mapping) => new(mapping, "dict_items", entry => new TupleValue(entry.Key, entry.Value));

    public override IEnumerator<object?> Iterate() => mapping.Entries.Select(element).GetEnumerator();

    public override IEnumerator<object?> IterateReversed() => mapping.Entries.Reverse().Select(element).GetEnumerator();

    public override void WriteLiteral(TextBuilder text) =>
        text.Append(name).Append("([").AppendList(mapping.Entries.Select(element)).Append("])");
}
