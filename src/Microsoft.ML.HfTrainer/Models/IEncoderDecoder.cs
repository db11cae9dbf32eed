using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A model whose decoder reads the target text, one place later than it is to write it.</summary>
public interface IEncoderDecoder
{
    /// <summary>The inputs of the decoder, <c>[batch, length]</c> int64, for labels of that shape.</summary>
    Tensor PrepareDecoderInputIdsFromLabels(Tensor labels);

    /// <summary>Labels moved one place to the right behind a first token; where they are -100, the padding token.</summary>
    /// <param name="labels">Ids, <c>[batch, length]</c> int64.</param>
    /// <param name="decoderStartTokenId">The first token of every text.</param>
    /// <param name="padTokenId">The padding token.</param>
    static Tensor ShiftTokensRight(Tensor labels, int decoderStartTokenId, int padTokenId)
    {
        using var scope = NewDisposeScope();
        var starts = full([labels.shape[0], 1], decoderStartTokenId, ScalarType.Int64, labels.device);
        var shifted = cat([starts, labels.narrow(1, 0, labels.shape[1] - 1)], 1);
        return shifted.masked_fill_(shifted.eq(Batch.IgnoredLabel), padTokenId).MoveToOuterDisposeScope();
    }
}
