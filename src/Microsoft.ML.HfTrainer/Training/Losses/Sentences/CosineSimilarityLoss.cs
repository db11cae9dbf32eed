using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The mean squared difference between the cosine of two texts and their score (Reimers and Gurevych 2019, arXiv:1908.10084). Scores are from -1 to 1.</summary>
public sealed class CosineSimilarityLoss : SentenceLoss
{
    /// <inheritdoc/>
    public override string Name => "CosineSimilarityLoss";

    /// <inheritdoc/>
    public override int MinTexts => 2;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Score;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels) =>
        nn.functional.mse_loss(VectorDistances.Cosine(embeddings[0], embeddings[1]), labels);
}
