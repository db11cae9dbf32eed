namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// A cache of the tokens of recent words, because texts repeat few words often. Its size is fixed, threads read and write without locks, and a lookup
/// allocates nothing.
/// </summary>
internal sealed class WordCache
{
    private const int Size = 1 << 15, LongestWord = 48, MostTokens = 16;

    private readonly Entry?[] _entries = new Entry?[Size];

    private sealed record Entry(string Word, ModelToken[] Tokens);

    /// <summary>Appends the tokens of <paramref name="word"/> to <paramref name="tokens"/> if they are cached.</summary>
    public bool TryGet(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (word.Length > LongestWord)
            return false;
        var place = Place(word);
        var entry = Volatile.Read(ref _entries[place]);
        if (entry is null || !word.SequenceEqual(entry.Word))
        {
            entry = Volatile.Read(ref _entries[place ^ 1]);
            if (entry is null || !word.SequenceEqual(entry.Word))
                return false;
        }
        tokens.AddRange(entry.Tokens.AsSpan());
        return true;
    }

    /// <summary>Stores the tokens of a word in one of its two slots, replacing the older entry.</summary>
    public void Keep(ReadOnlySpan<char> word, ReadOnlySpan<ModelToken> tokens)
    {
        if (word.Length > LongestWord || tokens.Length > MostTokens)
            return;
        var place = Place(word);
        Volatile.Write(ref _entries[place ^ 1], Volatile.Read(ref _entries[place]));
        Volatile.Write(ref _entries[place], new Entry(word.ToString(), tokens.ToArray()));
    }

    private static int Place(ReadOnlySpan<char> word) => string.GetHashCode(word) & (Size - 1);
}
