using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A model whose decoder reads the target tokens, shifted right by one.</summary>
public interface IEncoderDecoder
{
    /// <summary>Returns the inputs of the decoder for labels, both <c>[batch, length]</c> int64.</summary>
    Tensor PrepareDecoderInputIdsFromLabels(Tensor labels);

    /// <summary>Returns labels shifted right by one behind a start token, with the padding token in place of -100.</summary>
    /// <param name="labels">Ids, <c>[batch, length]</c> int64.</param>
    /// <param name="decoderStartTokenId">The start token.</param>
    /// <param name="padTokenId">The padding token.</param>
    static Tensor ShiftTokensRight(Tensor labels, int decoderStartTokenId, int padTokenId)
    {
        using var scope = NewDisposeScope();
        BatchCheck.TargetTexts(labels, padding: null);
        var starts = full([labels.shape[0], 1], decoderStartTokenId, ScalarType.Int64, labels.device);
        var shifted = cat([starts, labels.narrow(1, 0, labels.shape[1] - 1)], 1);
        return shifted.masked_fill_(shifted.eq(Batch.IgnoredLabel), padTokenId).MoveToOuterDisposeScope();
    }
}
