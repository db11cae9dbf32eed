using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Raises the scores of end-of-sequence tokens exponentially with the length.</summary>
/// <param name="start">The number of tokens, prompt included, after which they rise.</param>
/// <param name="factor">The factor by which they rise with each token.</param>
/// <param name="tokens">true at end-of-sequence tokens, <c>[vocabulary]</c>.</param>
internal sealed class DecayingLengthPenalty(long start, double factor, Tensor tokens) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores)
    {
        if (ids.shape[1] <= start)
            return scores;
        // Scores below 0 rise too.
        var rise = scores.abs() * (Math.Pow(factor, ids.shape[1] - start) - 1);
        return scores + rise.masked_fill(tokens.logical_and(scores.isfinite()).logical_not(), 0);
    }
}
