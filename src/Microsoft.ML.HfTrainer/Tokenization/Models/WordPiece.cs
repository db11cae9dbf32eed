using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// WordPiece (Schuster and Nakajima, 2012): takes the longest matching subword from the left, repeatedly; a word that cannot be covered entirely
/// becomes one unknown token.
/// </summary>
internal sealed class WordPiece : IModel, IPart<WordPiece>
{
    private readonly int? _unknownId;
    private readonly int _longestWord;

    // Continuing subwords are stored without their prefix, so that a lookup allocates no string.
    private readonly PieceTable _starting;
    private readonly PieceTable _continuing;

    /// <summary>Creates the model; only texts with unknown words need <paramref name="unknownToken"/> in the vocabulary.</summary>
    public WordPiece(Vocabulary vocabulary, string unknownToken, string continuingPrefix, int longestWord)
    {
        Vocabulary = vocabulary;
        UnknownToken = unknownToken;
        _longestWord = longestWord;
        _unknownId = vocabulary.Find(unknownToken);
        _starting = new PieceTable(vocabulary, "");
        _continuing = continuingPrefix.Length == 0 ? _starting : new PieceTable(vocabulary, continuingPrefix);
    }

    public static string TypeName => "WordPiece";

    public Vocabulary Vocabulary { get; }

    public string UnknownToken { get; }

    public static WordPiece Read(PartReader json) => new(
        Vocabulary.Read(json.Object("vocab")), json.OptionalText("unk_token") ?? "[UNK]", json.OptionalText("continuing_subword_prefix") ?? "##",
        json.OptionalNumber("max_input_chars_per_word") ?? 100);

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        var before = tokens.Count;
        if (word.Length <= _longestWord || Characters.Count(word) <= _longestWord)
        {
            var start = 0;
            while (start < word.Length && (start == 0 ? _starting : _continuing).TryFindLongest(word[start..], out var id, out var length))
            {
                tokens.Add(new ModelToken(id, start, start + length));
                start += length;
            }
            if (start == word.Length)
                return;
            tokens.RemoveRange(before, tokens.Count - before);
        }
        tokens.Add(new ModelToken(_unknownId ?? throw Vocabulary.LacksUnknown(UnknownToken, word), 0, word.Length));
    }
}
