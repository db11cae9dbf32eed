namespace Microsoft.ML.HfTrainer;

/// <summary>The answers to one question.</summary>
/// <param name="Candidates">The best answers, the one with the highest score first. If the context may lack the answer, one of them means that it does. Empty if no token can be part of an answer.</param>
/// <param name="Best">The answer that was chosen; null if there are no candidates.</param>
/// <param name="NullScoreDifference">The score of no answer minus that of the best answer with a text, by which to choose <see cref="AnswerFinder.NullScoreDiffThreshold"/>; null unless both are candidates.</param>
public sealed record FoundAnswers(IReadOnlyList<AnswerSpan> Candidates, AnswerSpan? Best, double? NullScoreDifference);
