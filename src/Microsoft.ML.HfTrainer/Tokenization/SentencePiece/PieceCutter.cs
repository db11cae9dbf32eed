using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>Cuts normalized text into pieces as the SentencePiece library does.</summary>
/// <param name="Model">Gives the places of pieces in <paramref name="Pieces"/> as their ids.</param>
/// <param name="Pieces">The pieces.</param>
/// <param name="UnknownId">The place of that for what no piece covers.</param>
internal sealed record PieceCutter(IModel Model, IReadOnlyList<string> Pieces, int UnknownId)
{
    /// <summary>Makes the cutter of a model of words as text has them: Unigram or BPE.</summary>
    public static PieceCutter Of(SentencePieceModel model, LoadContext context)
    {
        if (model.Trainer.Algorithm == PieceAlgorithm.Bpe)
            return new PieceCutter(PieceModels.BpeByScores(model, context), [.. model.Pieces.Select(piece => piece.Text)], model.UnknownId);
        if (model.Trainer.Algorithm != PieceAlgorithm.Unigram)
            throw context.Error("trainer_spec.model_type", $"it is {model.Trainer.Algorithm}; a translation model's pieces are Unigram or BPE.");
        return OfUnigram(model);
    }

    // Marks and unused pieces are no text's. The library adds scores as float32, and makes pieces that are never cut so likely that they
    // always win.
    private static PieceCutter OfUnigram(SentencePieceModel model)
    {
        var pieces = model.Pieces.Where(piece => piece.Type is PieceType.Normal or PieceType.UserDefined).ToList();
        var normal = pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score).DefaultIfEmpty().ToList();
        var (least, most) = (normal.Min(), normal.Max());
        double[] scores = [most, .. pieces.Select(piece => (double)(piece.Type == PieceType.Normal ? piece.Score : WholeScore(piece.Text, most)))];
        IReadOnlyList<string> texts = ["", .. pieces.Select(piece => piece.Text)];
        var cutter = new Unigram(Vocabulary.FromPieces(texts), scores, unknownId: 0, byteFallback: false, worst: least, singlePrecision: true);
        return new PieceCutter(cutter, texts, UnknownId: 0);
    }

    private static float WholeScore(string piece, float most) => (float)((Encoding.UTF8.GetByteCount(piece) * most) - 0.1);
}
