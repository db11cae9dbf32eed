namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Finds positions where a long word can be split before merging: between two characters that no merge ever joins. In SentencePiece-style
/// vocabularies, where spaces are characters of the word, this splits a text into words.
/// </summary>
internal sealed class MergeBoundaries
{
    /// <summary>The length up to which words are merged as a whole.</summary>
    public const int ShortWord = 16;

    private const int Unknown = -1;

    private readonly HashSet<uint> _joined = [];
    private readonly bool[] _asciiJoined = new bool[128 * 128];
    private readonly int[] _ids;

    /// <summary>Creates the seams of a model; <paramref name="ids"/> holds the ids of single characters below U+10000, or -1.</summary>
    public MergeBoundaries(int[] ids) => _ids = ids;

    /// <summary>Records that a token ending in <paramref name="left"/> merges with one that begins with <paramref name="right"/>.</summary>
    public void Join(char left, char right)
    {
        if (left < 128 && right < 128)
            _asciiJoined[(left << 7) | right] = true;
        else
            _joined.Add(((uint)left << 16) | right);
    }

    /// <summary>Returns the end of the part of <paramref name="word"/> that begins at <paramref name="start"/>.</summary>
    public int Next(ReadOnlySpan<char> word, int start)
    {
        if (word.Length - start <= ShortWord)
            return word.Length;
        for (var i = start + 1; i < word.Length; i++)
        {
            if (IsBoundary(word[i - 1], word[i]))
                return i;
        }
        return word.Length;
    }

    // Characters outside the vocabulary may be dropped or fused with their neighbors, so no boundary is beside them.
    private bool IsBoundary(char left, char right) => left < 128 && right < 128
        ? !_asciiJoined[(left << 7) | right] && _ids[left] != Unknown && _ids[right] != Unknown
        : _ids[left] != Unknown && _ids[right] != Unknown && !_joined.Contains(((uint)left << 16) | right);
}
