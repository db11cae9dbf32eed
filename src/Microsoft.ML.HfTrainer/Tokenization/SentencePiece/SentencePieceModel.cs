using Microsoft.ML.HfTrainer.Formats.Protobuf;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>
/// A SentencePiece <c>.model</c> file (<c>ModelProto</c> of sentencepiece_model.proto): its pieces, and the parts of its specifications that affect
/// tokenization.
/// </summary>
internal sealed class SentencePieceModel(IReadOnlyList<Piece> pieces, TrainerSpecification trainer, NormalizerSpecification normalizer)
{
    /// <summary>The pieces; each one's index is its id.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    public TrainerSpecification Trainer => trainer;

    public NormalizerSpecification Normalizer => normalizer;

    /// <summary>The id of the unknown piece.</summary>
    public int UnknownId { get; } = pieces.Index().First(piece => piece.Item.Type == PieceType.Unknown).Index;

    /// <summary>Reads a SentencePiece file.</summary>
    /// <exception cref="InvalidDataException">The file is not a SentencePiece model or is inconsistent.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> file, LoadContext context)
    {
        var pieces = new List<Piece>();
        var (trainer, normalizer) = (new TrainerSpecification(), new NormalizerSpecification());
        try
        {
            var model = new ProtobufReader(file);
            while (model.Read())
            {
                switch (model.Field)
                {
                    case 1:
                        pieces.Add(ReadPiece(model.AsMessage()));
                        break;
                    case 2:
                        trainer = TrainerSpecification.Read(model.AsMessage(), trainer);
                        break;
                    case 3:
                        normalizer = NormalizerSpecification.Read(model.AsMessage(), normalizer);
                        break;
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw context.Error(
                pieces.Count == 0 ? "" : $"after {pieces.Count} pieces",
                $"it is not a SentencePiece model ({error.Message}); was it cut off, or is it a Git LFS pointer or a vocabulary of another kind?");
        }
        Check(pieces, context);
        return new SentencePieceModel(pieces, trainer, normalizer);
    }

    private static Piece ReadPiece(ProtobufReader message)
    {
        var piece = new Piece("", 0);
        while (message.Read())
        {
            piece = message.Field switch
            {
                1 => piece with { Text = message.AsText() },
                2 => piece with { Score = message.AsSingle() },
                3 => piece with { Type = (PieceType)message.AsInt32() },
                _ => piece,
            };
        }
        return piece;
    }

    private static void Check(List<Piece> pieces, LoadContext context)
    {
        if (pieces.Count == 0)
            throw context.Error("", "it holds no pieces; was it cut off, or is it a vocabulary of another kind?");
        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        int? unknown = null;
        foreach (var (id, (text, score, type)) in pieces.Index())
        {
            var place = $"pieces[{id}]";
            if (text.Length == 0)
                throw context.Error(place, "the piece is empty; every piece needs a text.");
            if (!ids.TryAdd(text, id))
                throw context.Error(place, $"the piece '{text}' is pieces[{ids[text]}] already; pieces must be distinct.");
            if (!float.IsFinite(score))
                throw context.Error(place, FormattableString.Invariant($"the score of '{text}' is {score}; a score is a finite number."));
            if (!Enum.IsDefined(type))
                throw context.Error(place, $"'{text}' is of type {(int)type}; the types are {string.Join(", ", Enum.GetValues<PieceType>().Select(t => $"{(int)t} ({t})"))}.");
            if (type != PieceType.Unknown)
                continue;
            if (unknown is { } other)
                throw context.Error(place, $"'{text}' and '{pieces[other].Text}' are both of type Unknown; there must be exactly one unknown piece.");
            unknown = id;
        }
        if (unknown is null)
            throw context.Error("", $"none of its {pieces.Count} pieces is of type Unknown; there must be exactly one unknown piece.");
    }
}
