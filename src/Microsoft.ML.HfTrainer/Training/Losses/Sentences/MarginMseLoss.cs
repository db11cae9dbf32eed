using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The mean squared difference between a label and the difference of two dot products: of the first text with the second, and of the first with the third. With it, a bi-encoder learns
/// from the scores of a cross-encoder (Hofstätter et al. 2020, arXiv:2010.02666).
/// </summary>
public sealed class MarginMseLoss : SentenceLoss
{
    /// <inheritdoc/>
    public override string Name => "MarginMSELoss";

    /// <inheritdoc/>
    public override int MinTexts => 3;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Score;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels) =>
        nn.functional.mse_loss((embeddings[0] * embeddings[1]).sum(-1) - (embeddings[0] * embeddings[2]).sum(-1), labels);
}
