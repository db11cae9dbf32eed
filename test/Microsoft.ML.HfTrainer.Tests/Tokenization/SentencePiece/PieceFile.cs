using Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

/// <summary>Writes small SentencePiece models.</summary>
internal sealed class PieceFile
{
    public const int Unigram = 1, Bpe = 2;

    private readonly ProtobufBytes _model = new();

    /// <summary>Adds pieces of one type (1: normal); their scores decrease by one each, beginning with <paramref name="score"/>.</summary>
    public PieceFile Add(int type, float score, params string[] pieces)
    {
        foreach (var piece in pieces)
            _model.Message(1, new ProtobufBytes().Text(1, piece).Single(2, score--).Number(3, type));
        return this;
    }

    /// <summary>Adds the unknown piece and the beginning-of-sequence and end-of-sequence pieces, with which most models begin.</summary>
    public PieceFile AddControls() => Add(2, 0, "<unk>").Add(3, 0, "<s>").Add(3, 0, "</s>");

    /// <summary>Adds the 256 byte pieces.</summary>
    public PieceFile AddBytes() => Add(6, 0, [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")]);

    public PieceFile Trainer(ProtobufBytes specification)
    {
        _model.Message(2, specification);
        return this;
    }

    public PieceFile Normalizer(ProtobufBytes specification)
    {
        _model.Message(3, specification);
        return this;
    }

    public byte[] ToArray() => _model.ToArray();
}
