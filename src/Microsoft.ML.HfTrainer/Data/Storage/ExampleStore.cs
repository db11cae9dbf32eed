namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>A dataset that stores examples contiguously in flat arrays and, beyond a memory budget, in a temporary file.</summary>
/// <param name="budget">The memory that the examples may take.</param>
/// <param name="source">The file that they come from; null if it is not known.</param>
internal sealed class ExampleStore(MemoryBudget budget, string? source = null) : Dataset
{
    private readonly WordStore _words = new(budget), _ends = new(budget);
    private readonly List<string[]> _names = [];
    private readonly WordBuffer _buffer = new();
    private int _count;

    public override int Count => _count;

    internal override string? Source => source;

    internal override bool MayStall => false;

    /// <summary>Gets the words of the examples and the positions at which each example ends.</summary>
    internal (WordStore Words, WordStore Ends) Parts => (_words, _ends);

    public override Example this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _count);
            var (start, end) = (index == 0 ? 0 : EndOf(index - 1), EndOf(index));
            var words = new WordReader(_words.Read(start, (int)(end - start)));
            var names = _names[words.Next()];
            var example = new Example();
            foreach (var name in names)
                example[name] = Feature.Read(ref words);
            return example;
        }
    }

    /// <summary>Creates a store of the examples.</summary>
    public static ExampleStore Of(IEnumerable<Example> examples, MemoryBudget budget, string? source = null)
    {
        var store = new ExampleStore(budget, source);
        try
        {
            foreach (var example in examples)
                store.Add(example);
            return store.Complete();
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Adds an example. Examples can be read only after <see cref="Complete"/>.</summary>
    public void Add(Example example)
    {
        _buffer.Clear();
        _buffer.Add(NumberOf(example.Keys));
        foreach (var feature in example.Values)
            feature.Write(_buffer);
        _words.Append(_buffer.Words);
        var end = _words.Length;
        _ends.Append([(int)end, (int)(end >> 32)]);
        _count = checked(_count + 1);
    }

    /// <summary>Ends writing, so that examples can be read.</summary>
    public ExampleStore Complete()
    {
        _words.Complete();
        _ends.Complete();
        return this;
    }

    protected override void Dispose(bool disposing)
    {
        _words.Dispose();
        _ends.Dispose();
    }

    private long EndOf(int index)
    {
        Span<int> words = stackalloc int[2];
        _ends.Read(index * 2L, words);
        return (uint)words[0] | (long)words[1] << 32;
    }

    // Most examples have the features of the preceding one; there are few different sets of names.
    private int NumberOf(Dictionary<string, Feature>.KeyCollection names)
    {
        for (var i = _names.Count - 1; i >= 0; i--)
            if (names.SequenceEqual(_names[i]))
                return i;
        _names.Add([.. names]);
        return _names.Count - 1;
    }
}
