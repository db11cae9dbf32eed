using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>The metrics of answers to questions, which <see cref="HfTrainerCatalog.EvaluateQuestionAnswering"/> computes: those of SQuAD, from 0 to 100.</summary>
public sealed class QuestionAnsweringMetrics
{
    internal QuestionAnsweringMetrics(IReadOnlyDictionary<string, double> values)
    {
        (ExactMatch, F1) = (values["exact"], values["f1"]);
        NoAnswerAccuracy = values.TryGetValue("NoAns_exact", out var right) ? right : null;
    }

    /// <summary>Gets the percentage of predicted answers that equal a right one, ignoring case, punctuation and articles.</summary>
    public double ExactMatch { get; }

    /// <summary>Gets the mean F1 of the words of predicted and right answers, as a percentage.</summary>
    public double F1 { get; }

    /// <summary>Gets the percentage of the questions without an answer for which no answer was predicted; null if all questions have an answer.</summary>
    public double? NoAnswerAccuracy { get; }

    /// <summary>Returns the metrics on one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"exact match {ExactMatch:F1}, f1 {F1:F1}")
        + (NoAnswerAccuracy is { } none ? string.Create(CultureInfo.InvariantCulture, $", no answer {none:F1}") : "");
}
