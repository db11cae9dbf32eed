using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The mean loss over all triplets of a batch that violate the margin (Hermans, Beyer and Leibe 2017, arXiv:1703.07737).</summary>
public sealed class BatchAllTripletLoss : BatchTripletLoss
{
    // Losses up to this count as none, as in sentence-transformers.
    private const double Nothing = 1e-16;

    /// <inheritdoc/>
    public override string Name => "BatchAllTripletLoss";

    private protected override Tensor Loss(Tensor distances, Tensor same, Tensor others)
    {
        var isTriplet = others.unsqueeze(2).logical_and(same.logical_not().unsqueeze(1));
        var losses = (distances.unsqueeze(2) - distances.unsqueeze(1) + Margin).masked_fill(isTriplet.logical_not(), 0).clamp_min(0);
        return losses.sum() / (losses.greater(Nothing).sum() + Nothing);
    }
}
