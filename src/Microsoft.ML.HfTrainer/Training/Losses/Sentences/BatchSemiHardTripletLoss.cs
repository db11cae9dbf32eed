using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The mean loss of one triplet for each pair of texts of one class in a batch. Its third text is the nearest one of another class that is farther away than the pair, or, if there is none, the
/// farthest text of another class (Schroff, Kalenichenko and Philbin 2015, arXiv:1503.03832).
/// </summary>
public sealed class BatchSemiHardTripletLoss : BatchTripletLoss
{
    /// <inheritdoc/>
    public override string Name => "BatchSemiHardTripletLoss";

    private protected override Tensor Loss(Tensor distances, Tensor same, Tensor others)
    {
        var different = same.logical_not();
        // [text, other of its class, negative]
        var farther = different.unsqueeze(1).logical_and(distances.unsqueeze(1).greater(distances.unsqueeze(2)));
        var outside = distances.unsqueeze(1).expand_as(farther).masked_fill(farther.logical_not(), float.PositiveInfinity).amin([2L]);
        // No distance is below 0, which stands for that to another class where a batch has one class alone.
        var inside = distances.masked_fill(different.logical_not(), 0).amax([1L], keepdim: true);
        var negatives = where(farther.any(2), outside, inside);
        var losses = (distances - negatives + Margin).masked_fill(others.logical_not(), 0).clamp_min(0);
        // A batch without two texts of a class has no loss, rather than one that is not a number.
        return losses.sum() / others.sum().clamp_min(1);
    }
}
