namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// The tokens of words met lately: text repeats few words often. The number of entries is fixed, any number of threads may read and write
/// without a lock, and a lookup allocates nothing.
/// </summary>
internal sealed class WordCache
{
    private const int Size = 1 << 15, LongestWord = 48, MostTokens = 16;

    private readonly Entry?[] _entries = new Entry?[Size];

    private sealed record Entry(string Word, ModelToken[] Tokens);

    /// <summary>Adds the tokens of <paramref name="word"/> to <paramref name="tokens"/>, if the cache knows them.</summary>
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

    /// <summary>Keeps the tokens of a word; of two places where it may stand the entry that is older there makes room.</summary>
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
