namespace Microsoft.ML.HfTrainer;

/// <summary>An answer that was found in a context.</summary>
/// <param name="Text">The answer; empty for no answer.</param>
/// <param name="Start">The start of the answer in the context, in UTF-16 code units; 0 for no answer.</param>
/// <param name="End">The end of the answer in the context, exclusive; 0 for no answer.</param>
/// <param name="StartLogit">The score of the first token of the answer as a start.</param>
/// <param name="EndLogit">The score of the last token of the answer as an end.</param>
/// <param name="Probability">The probability of the answer: the softmax of <see cref="Score"/> over all candidates.</param>
public sealed record AnswerSpan(string Text, int Start, int End, float StartLogit, float EndLogit, double Probability)
{
    /// <summary>Gets whether this candidate means that the context lacks the answer.</summary>
    public bool IsNoAnswer => End == Start;

    /// <summary>Gets the sum of both scores, by which answers are compared.</summary>
    public float Score => StartLogit + EndLogit;
}
