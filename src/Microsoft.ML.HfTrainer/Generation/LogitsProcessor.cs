using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Changes the scores of the next token before one is chosen. Derive from it for rules of your own, and give it to <see cref="GenerationOptions.LogitsProcessors"/>; it runs after those of
/// the settings that forbid or force tokens, and before those that narrow down what is drawn from.
/// </summary>
public abstract class LogitsProcessor
{
    /// <summary>Returns the scores by which the next token is chosen. It runs without gradients.</summary>
    /// <param name="ids">The tokens so far, prompt included, <c>[rows, length]</c> int64. A row is a sequence or a beam. Keep no reference to it.</param>
    /// <param name="scores">
    /// The scores of the vocabulary, <c>[rows, vocabulary]</c> float32: logits, and with beams log probabilities. A token with a score of minus infinity is not chosen. They may be changed in
    /// place.
    /// </param>
    public abstract Tensor Process(Tensor ids, Tensor scores);
}
