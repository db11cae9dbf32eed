namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A dict; its entries are in insertion order.</summary>
internal sealed class MappingValue : TemplateObject
{
    private readonly Dictionary<object, int> _places;
    private readonly List<KeyValuePair<object?, object?>> _entries;

    public MappingValue(int capacity = 0)
    {
        _places = new(capacity, KeyComparer.Instance);
        _entries = new(capacity);
    }

    public MappingValue(IEnumerable<KeyValuePair<object?, object?>> entries) : this()
    {
        foreach (var (key, value) in entries)
            Add(key, value);
    }

    public override string TypeName => "dict";

    public override int? Length => _entries.Count;

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    public IEnumerable<object?> Keys => _entries.Select(entry => entry.Key);

    /// <summary>Adds an entry during construction. An existing key keeps its position and gets the new value.</summary>
    public void Add(object? key, object? value)
    {
        if (_places.TryGetValue(KeyComparer.Check(key), out var place))
        {
            _entries[place] = new(_entries[place].Key, value);
            return;
        }
        _places.Add(KeyComparer.Check(key), _entries.Count);
        _entries.Add(new(key, value));
    }

    public bool TryGet(object? key, out object? value)
    {
        var found = _places.TryGetValue(KeyComparer.Check(key), out var place);
        value = found ? _entries[place].Value : null;
        return found;
    }

    public string DescribeKeys() => _entries.Count == 0 ? "none" : string.Join(", ", _entries.Take(12).Select(entry => Literal.Short(entry.Key)));

    public override IEnumerator<object?> Iterate() => Keys.GetEnumerator();

    public override IEnumerator<object?> IterateReversed() => _entries.AsEnumerable().Reverse().Select(entry => entry.Key).GetEnumerator();

    public override bool TryItem(object? key, Budget budget, out object? item)
    {
        item = null;
        return KeyComparer.IsKey(key) && TryGet(key, out item);
    }

    public override void WriteLiteral(TextBuilder text)
    {
        text.Append('{');
        for (var i = 0; i < _entries.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            text.AppendLiteral(_entries[i].Key).Append(": ").AppendLiteral(_entries[i].Value);
        }
        text.Append('}');
    }
}
