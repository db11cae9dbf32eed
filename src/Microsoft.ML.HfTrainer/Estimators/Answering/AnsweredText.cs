namespace Microsoft.ML.HfTrainer.Estimators.Answering;

/// <summary>The scores of a window's tokens and, once the windows of a row are joined, the answers.</summary>
/// <param name="StartLogits">The score of each token as the start of the answer; those after the tokens are of padding.</param>
/// <param name="EndLogits">The score of each token as the end of the answer.</param>
internal sealed record AnsweredText(float[] StartLogits, float[] EndLogits)
{
    /// <summary>The answers, the chosen one first.</summary>
    public AnswerSpan[] Answers { get; init; } = [];
}
