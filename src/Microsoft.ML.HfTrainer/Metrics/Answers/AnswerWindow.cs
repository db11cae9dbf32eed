namespace Microsoft.ML.HfTrainer;

/// <summary>The scores of a question with a window of its context: the tokens of one input of the model.</summary>
/// <remarks>
/// If the scores include those of padding, these take part when the best starts and ends are chosen, as in the question answering script of Hugging Face, although no answer contains padding.
/// Leave them out for answers that do not depend on the other inputs of a batch.
/// </remarks>
public sealed class AnswerWindow
{
    /// <summary>Creates the scores of the tokens of a window.</summary>
    /// <param name="startLogits">The score of each token as the start of the answer (<c>start_logits</c>). The first one is the score of no answer.</param>
    /// <param name="endLogits">The score of each token as the end of the answer (<c>end_logits</c>). The first one is the score of no answer.</param>
    /// <param name="offsets">The start and end of each token in the context, in UTF-16 code units; null for tokens that are not part of the context, such as those of the question.</param>
    /// <exception cref="ArgumentException">There are fewer scores than tokens.</exception>
    public AnswerWindow(ReadOnlyMemory<float> startLogits, ReadOnlyMemory<float> endLogits, IReadOnlyList<(int Start, int End)?> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        if (startLogits.Length < offsets.Count || endLogits.Length < offsets.Count || offsets.Count == 0)
            throw new ArgumentException($"There are {startLogits.Length} start and {endLogits.Length} end scores for {offsets.Count} tokens; there should be one of each for each token, and at least one token.", nameof(offsets));
        (StartLogits, EndLogits, Offsets) = (startLogits, endLogits, offsets);
    }

    /// <summary>Creates the scores of the tokens of a question that is paired with its context.</summary>
    /// <param name="startLogits">The score of each token as the start of the answer, with or without the scores of padding on the right.</param>
    /// <param name="endLogits">The score of each token as the end of the answer, with or without the scores of padding on the right.</param>
    /// <param name="pair">The tokens of the pair, or of one of its <see cref="TokenEncoding.Overflowing"/> parts.</param>
    /// <param name="contextSequence">The text of the pair that is the context, 0 or 1. Default: 1, the question comes first.</param>
    /// <exception cref="ArgumentException">There are fewer scores than tokens.</exception>
    public AnswerWindow(ReadOnlyMemory<float> startLogits, ReadOnlyMemory<float> endLogits, TokenEncoding pair, int contextSequence = 1)
        : this(startLogits, endLogits, OffsetsOf(pair, contextSequence))
    {
    }

    /// <summary>Gets the score of each token as the start of the answer.</summary>
    public ReadOnlyMemory<float> StartLogits { get; }

    /// <summary>Gets the score of each token as the end of the answer.</summary>
    public ReadOnlyMemory<float> EndLogits { get; }

    /// <summary>Gets the start and end of each token in the context; in UTF-16 code units; null for tokens that are not part of the context.</summary>
    public IReadOnlyList<(int Start, int End)?> Offsets { get; }

    private static (int, int)?[] OffsetsOf(TokenEncoding pair, int sequence)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return [.. pair.Offsets.Zip(pair.SequenceIds, (offset, own) => own == sequence ? offset : ((int, int)?)null)];
    }
}
