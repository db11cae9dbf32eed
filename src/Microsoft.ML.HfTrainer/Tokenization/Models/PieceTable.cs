namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>The pieces of a vocabulary with a given prefix, looked up without the prefix.</summary>
internal sealed class PieceTable
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly int _longest;

    public PieceTable(Vocabulary vocabulary, string prefix)
    {
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in vocabulary.Ids)
        {
            if (token.Length <= prefix.Length || !token.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            pieces[token[prefix.Length..]] = id;
            _longest = Math.Max(_longest, token.Length - prefix.Length);
        }
        _ids = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds the longest piece that <paramref name="text"/> begins with.</summary>
    public bool TryFindLongest(ReadOnlySpan<char> text, out int id, out int length)
    {
        for (length = Math.Min(text.Length, _longest); length > 0; length--)
        {
            // A piece never ends between the two units of a surrogate pair.
            if (length < text.Length && char.IsSurrogatePair(text[length - 1], text[length]))
                continue;
            if (_ids.TryGetValue(text[..length], out id))
                return true;
        }
        id = -1;
        return false;
    }
}
