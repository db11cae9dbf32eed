using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Forces one of some tokens at one length of the sequence: the first token, or the last at the maximum length.</summary>
/// <param name="tokens">true at those tokens, <c>[vocabulary]</c>.</param>
/// <param name="length">The number of tokens so far at which one of them is forced.</param>
internal sealed class ForcedTokens(Tensor tokens, long length) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) => ids.shape[1] == length ? scores.fill_(double.NegativeInfinity).masked_fill_(tokens, 0) : scores;
}
