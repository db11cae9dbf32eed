using Microsoft.ML.HfTrainer.Models.Heads;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>A sequence-to-sequence model.</summary>
internal sealed class EncoderDecoderModel(
    PretrainedConfig config, Architecture architecture, ModelHead kind, AttentionImplementation attention, ModelBody.Factory body, TaskHead.Factory head)
    : HeadedModel(config, architecture, kind, attention, body, head), IEncoderDecoder
{
    /// <inheritdoc/>
    public Tensor PrepareDecoderInputIdsFromLabels(Tensor labels) => ((EncoderDecoderBody)Body).PrepareDecoderInputIdsFromLabels(labels);
}
