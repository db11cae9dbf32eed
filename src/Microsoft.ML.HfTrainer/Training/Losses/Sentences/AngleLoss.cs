using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Orders the pairs of a batch by their scores as <see cref="CoSentLoss"/> does, but by angles in the complex plane, whose gradients do not vanish where cosines are near 1 or -1 (Li and
/// Li 2023, arXiv:2309.12871). The first half of an embedding is its real part, the second half its imaginary part, so the size of embeddings has to be even.
/// </summary>
public sealed class AngleLoss : RankedPairsLoss
{
    /// <inheritdoc/>
    public override string Name => "AnglELoss";

    /// <inheritdoc/>
    protected override Tensor Similarity(Tensor first, Tensor second)
    {
        if (first.shape[1] % 2 != 0)
            throw new ArgumentException($"{Name} takes embeddings of an even size, of which half is the imaginary part; theirs is {first.shape[1]}.");
        var (x, y) = (first.chunk(2, 1), second.chunk(2, 1));
        var lengths = first.pow(2).sum([1L], keepdim: true).sqrt() * second.pow(2).sum([1L], keepdim: true).sqrt();
        var (real, imaginary) = (x[0] * y[0] + x[1] * y[1], x[1] * y[0] - x[0] * y[1]);
        return ((real + imaginary) / lengths).sum(1).abs();
    }
}
