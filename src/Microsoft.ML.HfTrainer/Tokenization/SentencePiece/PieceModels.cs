using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>Builds models from the pieces of a SentencePiece file.</summary>
internal static class PieceModels
{
    public static Unigram Unigram(IEnumerable<(string Piece, double Score)> pieces, int unknownId, LoadContext context, bool byteFallback = false)
    {
        var list = pieces.ToList();
        return unknownId < list.Count
            ? new Unigram(Vocabulary.FromPieces([.. list.Select(piece => piece.Piece)]), [.. list.Select(piece => piece.Score)], unknownId, byteFallback)
            : throw context.Error("", $"it has {list.Count} pieces, but the unknown piece must have the id {unknownId}; it is a model for another tokenizer_class.");
    }

    /// <summary>Creates a BPE model with byte fallback whose merges are ordered by the ids of the resulting pieces.</summary>
    public static Bpe Bpe(SentencePieceModel model, string? unknown, LoadContext context) => Make(
        model, Enumerable.Range(0, model.Pieces.Count), new BpeSettings { UnknownToken = unknown, FuseUnknown = true, ByteFallback = true }, context);

    /// <summary>Creates a BPE model whose merges are ordered by the scores of the resulting pieces, as in SentencePiece.</summary>
    public static Bpe BpeByScores(SentencePieceModel model, LoadContext context)
    {
        var pieces = model.Pieces;
        var settings = new BpeSettings
        {
            UnknownToken = model.Trainer.UnknownPiece,
            FuseUnknown = true,
            ByteFallback = model.Trainer.ByteFallback,
            // User-defined pieces are never the result of a merge.
            IgnoreMerges = pieces.Any(piece => piece.Type == PieceType.UserDefined),
        };
        var ids = Enumerable.Range(0, pieces.Count).Where(id => pieces[id].Type == PieceType.Normal).OrderByDescending(id => pieces[id].Score);
        return Make(model, ids, settings, context);
    }

    private static Bpe Make(SentencePieceModel model, IEnumerable<int> ids, BpeSettings settings, LoadContext context)
    {
        var merges = PieceMerges.Of(model.Pieces, ids);
        var vocabulary = Vocabulary.FromPieces([.. model.Pieces.Select(piece => piece.Text)]);
        return new Bpe(vocabulary, merges, settings, (_, message) => context.Error("", message));
    }
}
