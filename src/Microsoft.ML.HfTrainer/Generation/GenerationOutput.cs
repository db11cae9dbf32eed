using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Generated sequences: for each text <see cref="GenerationConfig.NumReturnSequences"/> rows, the best first. Disposing it disposes its tensors.</summary>
public sealed class GenerationOutput : IDisposable
{
    internal GenerationOutput(Tensor sequences, int promptLength, IReadOnlyList<IReadOnlyList<int>> newTokens) => (Sequences, PromptLength, NewTokens) = (sequences, promptLength, newTokens);

    /// <summary>
    /// The token ids, <c>[rows, length]</c> int64: of a causal model with the prompt, of an encoder-decoder with the start token. Rows that end early are filled with padding.
    /// </summary>
    public Tensor Sequences { get; }

    /// <summary>The number of tokens of <see cref="Sequences"/> that were given: the prompt with its padding, or the start token.</summary>
    public int PromptLength { get; }

    /// <summary>The token ids of each row that were generated, without the padding after its end; the end-of-sequence token is the last of them.</summary>
    public IReadOnlyList<IReadOnlyList<int>> NewTokens { get; }

    /// <summary>The score of each row by which beam search chose it, <c>[rows]</c> float32: the sum of log probabilities over the length to the power of the length penalty. Null without beams.</summary>
    public Tensor? SequenceScores { get; init; }

    /// <summary>The processed scores of each step, each <c>[rows · beams, vocabulary]</c> float32. Null unless <see cref="GenerationConfig.OutputScores"/> is set.</summary>
    public IReadOnlyList<Tensor>? Scores { get; init; }

    /// <summary>The logits of each step as the model gives them, each <c>[rows · beams, vocabulary]</c> float32. Null unless <see cref="GenerationConfig.OutputLogits"/> is set.</summary>
    public IReadOnlyList<Tensor>? Logits { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
            tensor.Dispose();
    }

    /// <summary>Keeps the tensors alive beyond the current dispose scope.</summary>
    internal GenerationOutput MoveToOuterDisposeScope()
    {
        foreach (var tensor in Tensors)
            tensor.MoveToOuterDisposeScope();
        return this;
    }

    private IEnumerable<Tensor> Tensors => [Sequences, .. SequenceScores is null ? [] : new[] { SequenceScores }, .. Scores ?? [], .. Logits ?? []];
}
