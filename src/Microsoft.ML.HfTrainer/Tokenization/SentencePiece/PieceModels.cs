using System.Buffers;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>Models of pieces, made as tokenizer.json would write them.</summary>
internal static class PieceModels
{
    public static Unigram Unigram(IEnumerable<(string Piece, double Score)> pieces, int unknownId, LoadContext context, bool byteFallback = false)
    {
        var list = pieces.ToList();
        return unknownId < list.Count
            ? new Unigram(Vocabulary.FromPieces([.. list.Select(piece => piece.Piece)]), [.. list.Select(piece => piece.Score)], unknownId, byteFallback)
            : throw context.Error("", $"it has {list.Count} pieces, but the unknown one is to have the id {unknownId}; it is a model for another tokenizer_class.");
    }

    /// <summary>BPE whose merges make the pieces in the order of their ids.</summary>
    public static IModel Bpe(SentencePieceModel model, string? unknown, LoadContext context) =>
        Bpe(model, unknown, byteFallback: true, ignoreMerges: false, PieceMerges.Of(model.Pieces, Enumerable.Range(0, model.Pieces.Count)), context);

    /// <summary>BPE whose merges make the pieces of the greatest score first, as SentencePiece does.</summary>
    public static IModel BpeByScores(SentencePieceModel model, LoadContext context)
    {
        var pieces = model.Pieces;
        var ids = Enumerable.Range(0, pieces.Count).Where(id => pieces[id].Type == PieceType.Normal).OrderByDescending(id => pieces[id].Score);
        // Pieces that are never cut are never merged of others either.
        var hasWholes = pieces.Any(piece => piece.Type == PieceType.UserDefined);
        return Bpe(model, model.Trainer.UnknownPiece, model.Trainer.ByteFallback, hasWholes, PieceMerges.Of(pieces, ids), context);
    }

    private static IModel Bpe(
        SentencePieceModel model, string? unknown, bool byteFallback, bool ignoreMerges, List<(string Left, string Right)> merges, LoadContext context) =>
        Read("BPE", context, json =>
        {
            if (unknown is not null)
                json.WriteString("unk_token", unknown);
            json.WriteBoolean("fuse_unk", true);
            json.WriteBoolean("byte_fallback", byteFallback);
            json.WriteBoolean("ignore_merges", ignoreMerges);
            json.WriteStartObject("vocab");
            foreach (var (id, piece) in model.Pieces.Index())
                json.WriteNumber(piece.Text, id);
            json.WriteEndObject();
            json.WriteStartArray("merges");
            foreach (var (left, right) in merges)
            {
                json.WriteStartArray();
                json.WriteStringValue(left);
                json.WriteStringValue(right);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        });

    private static IModel Read(string type, LoadContext context, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        return TokenizerParts.Models.Read(new PartReader(document.RootElement, "", context), type);
    }
}
