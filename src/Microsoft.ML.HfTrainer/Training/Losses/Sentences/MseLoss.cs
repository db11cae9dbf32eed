using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The mean squared difference between embeddings and given ones, by which a small model, or one of several languages, learns those of another (Reimers and Gurevych 2020,
/// arXiv:2004.09813). All texts of an example, such as its translations, should have the embedding that is its label.
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
