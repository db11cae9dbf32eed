using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of losses that order the pairs of a batch by their scores. For each two pairs, the one with the higher score should be the more similar one.</summary>
/// <remarks>The loss is log(1 + Σ exp(<see cref="Scale"/> · (s - t))), over all two pairs of which the pair with the similarity s has a lower score than the pair with the similarity t.</remarks>
public abstract class RankedPairsLoss : SentenceLoss
{
    private protected RankedPairsLoss()
    {
    }

    /// <summary>Gets the number that similarities are multiplied by, the inverse of a temperature. Default: 20.</summary>
    public double Scale { get; init; } = 20;

    /// <inheritdoc/>
    public override int MinTexts => 2;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Score;

    /// <summary>Computes the similarity of each pair, <c>[batch]</c>.</summary>
    /// <param name="first">The embeddings of the first texts, <c>[batch, size]</c>.</param>
    /// <param name="second">The embeddings of the second texts, <c>[batch, size]</c>.</param>
    protected abstract Tensor Similarity(Tensor first, Tensor second);

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels)
    {
        var similarities = Similarity(embeddings[0], embeddings[1]) * Scale;
        var excess = similarities.unsqueeze(1) - similarities.unsqueeze(0);
        // Pairs that are not to be ordered add nothing to the sum.
        var inOrder = labels.unsqueeze(1).greater_equal(labels.unsqueeze(0));
        return cat([zeros(1, excess.dtype, excess.device), excess.masked_fill(inOrder, -1e12).flatten()]).logsumexp(0);
    }
}
