namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>The tokens of one sequence, before truncation and without special tokens.</summary>
internal sealed class SequenceTokens
{
    private int[] _ids = new int[64];
    private (int Start, int End)[] _offsets = new (int, int)[64];
    private int[] _words = new int[64];

    // The source of the tokens: either one text, or a list of words that are texts of their own.
    private string _text = "";
    private IReadOnlyList<string>? _givenWords;

    public int Count { get; private set; }

    /// <summary>The number of tokens that fit without reallocation.</summary>
    public int Capacity => _ids.Length;

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Ranges of the source text.</summary>
    public ReadOnlySpan<(int Start, int End)> Offsets => _offsets.AsSpan(0, Count);

    public ReadOnlySpan<int> Words => _words.AsSpan(0, Count);

    /// <summary>By index, the text of tokens whose text differs from their vocabulary entry; null if there are none.</summary>
    public Dictionary<int, string>? Surfaces { get; private set; }

    /// <summary>Sets the text that the tokens come from.</summary>
    public void From(string text) => _text = text;

    /// <summary>Sets the list of words that the tokens come from.</summary>
    public void From(IReadOnlyList<string> words) => _givenWords = words;

    /// <summary>Returns the text to which the offsets of a word's tokens refer.</summary>
    public string Text(int word) => _givenWords is null ? _text : _givenWords[word];

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
        _text = "";
        _givenWords = null;
    }

    /// <summary>Returns a copy that later encodings do not overwrite.</summary>
    public SequenceTokens Copy() => new()
    {
        _ids = Ids.ToArray(), _offsets = Offsets.ToArray(), _words = Words.ToArray(), Count = Count, Surfaces = Surfaces, _text = _text, _givenWords = _givenWords,
    };
}
