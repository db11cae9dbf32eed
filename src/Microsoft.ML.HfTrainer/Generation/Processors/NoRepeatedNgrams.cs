using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Forbids tokens that would complete a sequence of tokens which has occurred in the same row, or in the encoder's text.</summary>
/// <param name="size">The length of those sequences.</param>
/// <param name="source">The encoder's tokens, <c>[texts, length]</c> int64. If null, sequences of the row itself are not repeated.</param>
internal sealed class NoRepeatedNgrams(int size, Tensor? source = null) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores)
    {
        var texts = source?.repeat_interleave(ids.shape[0] / source.shape[0], 0) ?? ids;
        var (length, windows) = (ids.shape[1], texts.shape[1] - size + 1);
        if (windows < 1 || length < size - 1)
            return scores;
        var matches = ones([ids.shape[0], windows], ScalarType.Bool, ids.device);
        for (var i = 0; i < size - 1; i++)
            matches = matches.logical_and(texts.narrow(1, i, windows).eq(ids.narrow(1, length - size + 1 + i, 1)));
        // A column beyond the vocabulary takes what is not forbidden.
        var vocabulary = scores.shape[1];
        var forbidden = texts.narrow(1, size - 1, windows).masked_fill(matches.logical_not(), vocabulary).clamp(max: vocabulary);
        var mask = zeros([ids.shape[0], vocabulary + 1], ScalarType.Bool, ids.device).scatter_(1, forbidden, ones_like(forbidden, ScalarType.Bool));
        return scores.masked_fill_(mask.narrow(1, 0, vocabulary), double.NegativeInfinity);
    }
}
