namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>The tokens of one sequence, before truncation and without special tokens.</summary>
internal sealed class SequenceTokens
{
    private int[] _ids = new int[64];
    private (int Start, int End)[] _offsets = new (int, int)[64];
    private int[] _words = new int[64];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Ranges of the original text.</summary>
    public ReadOnlySpan<(int Start, int End)> Offsets => _offsets.AsSpan(0, Count);

    public ReadOnlySpan<int> Words => _words.AsSpan(0, Count);

    /// <summary>The tokens, by place, whose text is not their entry in the vocabulary; null if there is none.</summary>
    public Dictionary<int, string>? Surfaces { get; private set; }

    public void Add(int id, (int Start, int End) offsets, int word, string? surface)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, 2 * Count);
            Array.Resize(ref _offsets, 2 * Count);
            Array.Resize(ref _words, 2 * Count);
        }
        if (surface is not null)
            (Surfaces ??= [])[Count] = surface;
        _ids[Count] = id;
        _offsets[Count] = offsets;
        _words[Count++] = word;
    }

    public void Clear()
    {
        Count = 0;
        Surfaces = null;
    }

    /// <summary>A copy that later encodings leave alone.</summary>
    public SequenceTokens Copy() => new()
    {
        _ids = Ids.ToArray(), _offsets = Offsets.ToArray(), _words = Words.ToArray(), Count = Count, Surfaces = Surfaces,
    };
}
