using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The mean of <see cref="MultipleNegativesRankingLoss"/> in both directions: each second text has to pick its own first text among those of the batch, too.</summary>
public sealed class MultipleNegativesSymmetricRankingLoss : MultipleNegativesRankingLoss
{
    /// <inheritdoc/>
    public override string Name => "MultipleNegativesSymmetricRankingLoss";

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels)
    {
        var scores = Scores(embeddings);
        var own = arange(scores.shape[0], ScalarType.Int64, scores.device);
        var backward = scores.narrow(1, 0, scores.shape[0]).T;
        return (nn.functional.cross_entropy(scores, own) + nn.functional.cross_entropy(backward, own)) * 0.5;
    }
}
