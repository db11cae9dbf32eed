namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Where a long word may be cut before its pieces are merged: between two characters that no merge ever joins. Text whose spaces have
/// become characters of the word, as in vocabularies of SentencePiece, comes apart into words there.
/// </summary>
internal sealed class Seams
{
    /// <summary>The length of words that are quickly merged whole.</summary>
    public const int ShortWord = 16;

    private const int Unknown = -1;

    private readonly HashSet<uint> _joined = [];
    private readonly bool[] _asciiJoined = new bool[128 * 128];
    private readonly int[] _ids;

    /// <summary>Makes seams for a model whose single characters below U+10000 have the ids <paramref name="ids"/>, or -1.</summary>
    public Seams(int[] ids) => _ids = ids;

    /// <summary>Notes that a token ending in <paramref name="left"/> merges with one that begins with <paramref name="right"/>.</summary>
    public void Join(char left, char right)
    {
        if (left < 128 && right < 128)
            _asciiJoined[(left << 7) | right] = true;
        else
            _joined.Add(((uint)left << 16) | right);
    }

    /// <summary>The end of the part of <paramref name="word"/> that begins at <paramref name="start"/>.</summary>
    public int Next(ReadOnlySpan<char> word, int start)
    {
        if (word.Length - start <= ShortWord)
            return word.Length;
        for (var i = start + 1; i < word.Length; i++)
        {
            if (IsSeam(word[i - 1], word[i]))
                return i;
        }
        return word.Length;
    }

    // Characters that the vocabulary lacks may be dropped, or be one with their neighbour, so that nothing is cut beside them.
    private bool IsSeam(char left, char right) => left < 128 && right < 128
        ? !_asciiJoined[(left << 7) | right] && _ids[left] != Unknown && _ids[right] != Unknown
        : _ids[left] != Unknown && _ids[right] != Unknown && !_joined.Contains(((uint)left << 16) | right);
}
