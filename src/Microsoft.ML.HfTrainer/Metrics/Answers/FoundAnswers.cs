namespace Microsoft.ML.HfTrainer;

/// <summary>The answers to one question.</summary>
/// <param name="Candidates">The best answers, the one with the highest score first. If there may be no answer, that there is none is one of them. Empty if no token can be in an answer.</param>
/// <param name="Best">The answer; null if there are no candidates.</param>
/// <param name="NullScoreDifference">The score of no answer minus that of the best answer with a text, for the choice of <see cref="AnswerFinder.NullScoreDiffThreshold"/>; null unless both are candidates.</param>
public sealed record FoundAnswers(IReadOnlyList<AnswerSpan> Candidates, AnswerSpan? Best, double? NullScoreDifference);
