using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Orders the pairs of a batch by their scores: the cosine of each pair should be above those of all pairs with a lower score (Su 2022, CoSENT). Only the order of the scores counts.
/// </summary>
public sealed class CoSentLoss : RankedPairsLoss
{
    /// <inheritdoc/>
    public override string Name => "CoSENTLoss";

    /// <inheritdoc/>
    protected override Tensor Similarity(Tensor first, Tensor second) => VectorDistances.Cosine(first, second);
}
