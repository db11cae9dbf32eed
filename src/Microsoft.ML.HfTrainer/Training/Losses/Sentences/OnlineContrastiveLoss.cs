using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <see cref="ContrastiveLoss"/> over only the hard pairs of a batch: pairs that do not belong together but are nearer than the farthest pair that does, and pairs that belong together but are
/// farther apart than the nearest pair that does not. The loss is a sum, so it grows with the batch.
/// </summary>
public sealed class OnlineContrastiveLoss : SentenceLoss
{
    /// <summary>Gets the distance beyond which texts that do not belong together have no loss. Default: 0.5.</summary>
    public double Margin { get; init; } = 0.5;

    /// <summary>Gets the distance between two embeddings. Default: <see cref="SentenceDistance.Cosine"/>.</summary>
    public SentenceDistance Distance { get; init; } = SentenceDistance.Cosine;

    /// <inheritdoc/>
    public override string Name => "OnlineContrastiveLoss";

    /// <inheritdoc/>
    public override int MinTexts => 2;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Binary;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels)
    {
        var distances = Distance.Pairs(embeddings[0], embeddings[1]);
        var (near, far) = (distances[labels.eq(1)], distances[labels.eq(0)]);
        // Where a side has one pair or none, the other is compared with its own mean.
        var farLimit = near.shape[0] > 1 ? near.max() : far.mean();
        var nearLimit = far.shape[0] > 1 ? far.min() : near.mean();
        var (hardFar, hardNear) = (far[far.less(farLimit)], near[near.greater(nearLimit)]);
        return hardNear.pow(2).sum() + (Margin + -hardFar).clamp_min(0).pow(2).sum();
    }
}
