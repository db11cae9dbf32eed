using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The mean loss of the hardest triplet of each text of a batch: the farthest text of its class and the nearest text of another class (Hermans, Beyer and Leibe 2017, arXiv:1703.07737).</summary>
public sealed class BatchHardTripletLoss : BatchTripletLoss
{
    /// <inheritdoc/>
    public override string Name => "BatchHardTripletLoss";

    private protected override Tensor Loss(Tensor distances, Tensor same, Tensor others)
    {
        var positive = distances.masked_fill(others.logical_not(), 0).amax([1L]);
        // Texts of the class are put beyond all others.
        var negative = (distances + distances.amax([1L], keepdim: true) * same.to(distances.dtype)).amin([1L]);
        return (positive - negative + Margin).clamp_min(0).mean();
    }
}
