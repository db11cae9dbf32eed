using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Cross-entropy in which each first text has to pick its own second text among all second texts and all further texts (hard negatives) of the batch (Henderson et al. 2017,
/// arXiv:1705.00652; InfoNCE). A larger batch makes this harder, and the embeddings better.
/// </summary>
public class MultipleNegativesRankingLoss : SentenceLoss
{
    /// <summary>Gets the number that cosines are multiplied by, the inverse of a temperature. Default: 20.</summary>
    public double Scale { get; init; } = 20;

    /// <inheritdoc/>
    public override string Name => "MultipleNegativesRankingLoss";

    /// <inheritdoc/>
    public override int MinTexts => 2;

    /// <inheritdoc/>
    public override int MaxTexts => int.MaxValue;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels)
    {
        var scores = Scores(embeddings);
        return nn.functional.cross_entropy(scores, arange(scores.shape[0], ScalarType.Int64, scores.device));
    }

    /// <summary>Computes the scaled cosines of the first texts with all others, <c>[batch, batch · (texts - 1)]</c>.</summary>
    private protected Tensor Scores(IReadOnlyList<Tensor> embeddings) => VectorDistances.CosineMatrix(embeddings[0], cat([.. embeddings.Skip(1)])) * Scale;
}
