using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Forbids tokens at some lengths of the sequence: suppressed tokens at any, end-of-sequence tokens below the minimum length.</summary>
/// <param name="tokens">true at those tokens, <c>[vocabulary]</c>.</param>
/// <param name="applies">Returns true for the number of tokens so far at which they are forbidden.</param>
internal sealed class ForbiddenTokens(Tensor tokens, Func<long, bool> applies) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) => applies(ids.shape[1]) ? scores.masked_fill_(tokens, double.NegativeInfinity) : scores;
}
