using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The mean squared difference between the embeddings of texts and given embeddings. With it, a small or a multilingual model learns the embeddings of another model (Reimers and Gurevych
/// 2020, arXiv:2004.09813). The label of an example is the embedding that all its texts, such as a sentence and its translations, should have.
/// </summary>
public sealed class MseLoss : SentenceLoss
{
    /// <inheritdoc/>
    public override string Name => "MSELoss";

    /// <inheritdoc/>
    public override int MinTexts => 1;

    /// <inheritdoc/>
    public override int MaxTexts => int.MaxValue;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Vector;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels) => nn.functional.mse_loss(cat([.. embeddings]), labels.repeat(embeddings.Count, 1));
}
