using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tokenization.Marian;

/// <summary>Splits text into the pieces of a SentencePiece model and looks them up in a separate vocabulary, which need not contain all of them.</summary>
internal sealed class MarianModel(PieceEncoder encoder, Vocabulary vocabulary, int unknownId) : IModel
{
    private readonly int[] _ids = [.. encoder.Pieces.Select(piece => vocabulary.Find(piece) ?? unknownId)];

    public Vocabulary Vocabulary => vocabulary;

    public string? UnknownToken => vocabulary.Token(unknownId);

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (LanguageCode.Length(word) == word.Length)
        {
            tokens.Add(new ModelToken(vocabulary.Find(word) ?? unknownId, 0, word.Length));
            return;
        }
        var before = tokens.Count;
        encoder.Model.Tokenize(word, tokens);
        for (var i = before; i < tokens.Count; i++)
        {
            var (id, start, end, _) = tokens[i];
            // The vocabulary may contain, from the other model, what this model lacks.
            tokens[i] = new ModelToken(id == encoder.UnknownId ? vocabulary.Find(word[start..end]) ?? unknownId : _ids[id], start, end);
        }
    }
}
