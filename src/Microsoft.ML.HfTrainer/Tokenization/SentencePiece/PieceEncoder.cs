using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>Splits normalized text into pieces as the SentencePiece library does.</summary>
/// <param name="Model">The model, whose ids are indices into <paramref name="Pieces"/>.</param>
/// <param name="Pieces">The pieces.</param>
/// <param name="UnknownId">The index of the unknown piece.</param>
internal sealed record PieceEncoder(IModel Model, IReadOnlyList<string> Pieces, int UnknownId)
{
    /// <summary>Creates the encoder of a Unigram or BPE model.</summary>
    public static PieceEncoder Of(SentencePieceModel model, LoadContext context)
    {
        if (model.Trainer.Algorithm == PieceAlgorithm.Bpe)
            return new PieceEncoder(PieceModels.BpeByScores(model, context), [.. model.Pieces.Select(piece => piece.Text)], model.UnknownId);
        if (model.Trainer.Algorithm != PieceAlgorithm.Unigram)
            throw context.Error("trainer_spec.model_type", $"it is {model.Trainer.Algorithm}; a translation model's pieces are Unigram or BPE.");
        return OfUnigram(model);
    }

    // Control and unused pieces never match text. The library sums scores as float32, and scores user-defined pieces so high that they always win.
    private static PieceEncoder OfUnigram(SentencePieceModel model)
    {
        var pieces = model.Pieces.Where(piece => piece.Type is PieceType.Normal or PieceType.UserDefined).ToList();
        var normal = pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score).DefaultIfEmpty().ToList();
        var (least, most) = (normal.Min(), normal.Max());
        double[] scores = [most, .. pieces.Select(piece => (double)(piece.Type == PieceType.Normal ? piece.Score : WholeScore(piece.Text, most)))];
        IReadOnlyList<string> texts = ["", .. pieces.Select(piece => piece.Text)];
        var unigram = new Unigram(Vocabulary.FromPieces(texts), scores, unknownId: 0, byteFallback: false, worst: least, singlePrecision: true);
        return new PieceEncoder(unigram, texts, UnknownId: 0);
    }

    private static float WholeScore(string piece, float most) => (float)((Encoding.UTF8.GetByteCount(piece) * most) - 0.1);
}
