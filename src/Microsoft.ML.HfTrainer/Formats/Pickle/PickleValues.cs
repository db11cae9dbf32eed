namespace Microsoft.ML.HfTrainer.Formats.Pickle;

/// <summary>The name of a class or function in a pickle: nothing but a name here.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A tuple of a pickle.</summary>
internal sealed record PickleTuple(IReadOnlyList<object?> Items);

/// <summary>An object that may stand in a pickle but that nothing here makes sense of: its class, what made it, what was set afterwards.</summary>
internal sealed record PickleObject(PickleGlobal Class, PickleTuple Arguments)
{
    /// <summary>What was set after it was made.</summary>
    public object? State { get; set; }
}

/// <summary>A dictionary of a pickle in its order; keys are texts or whole numbers.</summary>
internal sealed class PickleDictionary
{
    private readonly OrderedDictionary<object, object?> _items = new(KeyComparer.Instance);

    /// <summary>The keys (<see cref="string"/> or <see cref="long"/>) and values.</summary>
    public IEnumerable<KeyValuePair<object, object?>> Items => _items;

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>The value under a key; null where there is none.</summary>
    public object? this[object key] => _items.TryGetValue(key, out var value) ? value : null;

    /// <summary>Whether there is such a key.</summary>
    public bool Has(object key) => _items.ContainsKey(key);

    public void Set(object? key, object? value) =>
        _items[key is string or long ? key : throw new InvalidDataException($"a dictionary has a key of the kind {key?.GetType().Name ?? "None"}; keys are texts or whole numbers")] = value;

    // The hash of a long is no secret, so a stranger could give a million keys one hash; that of HashCode is seeded anew in each process.
    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public static readonly KeyComparer Instance = new();

        public new bool Equals(object? x, object? y) => object.Equals(x, y);

        public int GetHashCode(object key) => key is long number ? HashCode.Combine((int)number, (int)(number >> 32)) : key.GetHashCode();
    }
}
