namespace Microsoft.ML.HfTrainer;

/// <summary>An answer that was found in a context.</summary>
/// <param name="Text">The answer; empty for no answer.</param>
/// <param name="Start">Its start in the context, in UTF-16 code units; 0 for no answer.</param>
/// <param name="End">Its end, exclusive.</param>
/// <param name="StartLogit">The score of its first token as the start.</param>
/// <param name="EndLogit">The score of its last token as the end.</param>
/// <param name="Probability">The softmax of the sum of both scores over all spans that were kept.</param>
public sealed record AnswerSpan(string Text, int Start, int End, float StartLogit, float EndLogit, double Probability)
{
    /// <summary>Gets whether this is the answer that there is none.</summary>
    public bool IsNoAnswer => End == Start;

    /// <summary>Gets the sum of both scores, by which answers are compared.</summary>
    public float Score => StartLogit + EndLogit;
}
