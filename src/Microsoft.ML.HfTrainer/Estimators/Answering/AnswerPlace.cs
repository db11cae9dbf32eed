using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Answering;

/// <summary>The first and the last token of an answer.</summary>
/// <param name="First">The index of the first token in the row; -1 for no answer.</param>
/// <param name="Last">The index of the last one.</param>
internal readonly record struct AnswerPlace(int First, int Last)
{
    // The text of a pair that is the context; the other one is the question.
    private const int ContextSequence = 1;

    public static AnswerPlace None { get; } = new(-1, -1);

    /// <summary>Finds the tokens that hold a span of the context; null if there are none.</summary>
    /// <param name="tokens">The tokens of the row.</param>
    /// <param name="start">The start of the span.</param>
    /// <param name="end">Its end, exclusive.</param>
    public static AnswerPlace? Of(TokenSequence tokens, int start, int end)
    {
        var sequences = tokens.SequenceIds.Span;
        var offsets = tokens.Offsets.Span;
        var (first, last) = (-1, -1);
        for (var i = 0; i < sequences.Length; i++)
        {
            if (sequences[i] != ContextSequence || offsets[2 * i] >= end || offsets[(2 * i) + 1] <= start)
                continue;
            // Of several tokens of one character, an answer begins at the last one and ends at the first one, as the question answering script of Hugging Face has it.
            if (first < 0 || offsets[2 * i] <= start)
                first = i;
            if (last < 0 || offsets[(2 * last) + 1] < end)
                last = i;
        }
        return first < 0 ? null : new(Math.Min(first, last), Math.Max(first, last));
    }

    /// <summary>The index of the first and of the last token in a window; that of its first token, which stands for no answer, if it does not have all of the answer.</summary>
    public (int Start, int End) In(TokenWindow window) =>
        Array.BinarySearch(window.Places, First) is >= 0 and var start && Array.BinarySearch(window.Places, Last) is >= 0 and var end ? (start, end) : (0, 0);

    /// <summary>The start and end of each token of a window in the context, one after the other; -1 for tokens that are not of the context.</summary>
    public static int[] ContextOffsets(TokenSequence window)
    {
        var offsets = window.Offsets.ToArray();
        for (var i = 0; i < window.Length; i++)
            if (window.SequenceIds.Span[i] != ContextSequence)
                (offsets[2 * i], offsets[(2 * i) + 1]) = (-1, -1);
        return offsets;
    }

    /// <summary>Creates the window of tokens with scores, of which those of padding are left out: answers do not depend on what else is in a batch.</summary>
    /// <param name="startLogits">The score of each token as the start.</param>
    /// <param name="endLogits">The score of each token as the end.</param>
    /// <param name="offsets">What <see cref="ContextOffsets"/> returned.</param>
    public static AnswerWindow ToWindow(ReadOnlyMemory<float> startLogits, ReadOnlyMemory<float> endLogits, ReadOnlySpan<int> offsets)
    {
        var ranges = new (int, int)?[offsets.Length / 2];
        for (var i = 0; i < ranges.Length; i++)
            ranges[i] = offsets[2 * i] < 0 ? null : (offsets[2 * i], offsets[(2 * i) + 1]);
        return new(startLogits[..ranges.Length], endLogits[..ranges.Length], ranges);
    }
}
