using Microsoft.ML.HfTrainer.Metrics.Answers;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The metrics of SQuAD 2.0, from 0 to 100, for questions that may have no answer: <c>exact</c>, <c>f1</c> and <c>total</c>; the same for the questions with an answer
/// (<c>HasAns_exact</c>, ...) and without one (<c>NoAns_exact</c>, ...), if there are any; and the best values that another no-answer threshold would give, with that threshold
/// (<c>best_exact</c>, <c>best_exact_thresh</c>, <c>best_f1</c>, <c>best_f1_thresh</c>). Keeps 32 bytes per answer for the latter. NaN if there are no answers.
/// </summary>
/// <param name="noAnswerThreshold">The probability of no answer above which the answer is replaced by no answer.</param>
public sealed class SquadV2Metric(double noAnswerThreshold = 1.0) : ITextMetric
{
    private readonly double _noAnswerThreshold = Known(noAnswerThreshold, nameof(noAnswerThreshold));
    private readonly List<Answer> _answers = [];

    /// <inheritdoc/>
    public string Name => "squad_v2";

    /// <summary>Adds an answer.</summary>
    /// <param name="prediction">The predicted answer; empty for no answer.</param>
    /// <param name="references">The correct answers; empty if the question has no answer.</param>
    public void Add(string prediction, params IReadOnlyList<string> references) => Add(prediction, references, noAnswerProbability: 0);

    /// <summary>Adds an answer.</summary>
    /// <param name="prediction">The predicted answer; empty for no answer.</param>
    /// <param name="references">The correct answers; empty if the question has no answer.</param>
    /// <param name="noAnswerProbability">The predicted probability that there is no answer.</param>
    public void Add(string prediction, IReadOnlyList<string> references, double noAnswerProbability)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(references);
        TextReferences.RequireTexts(references, Name);
        _ = Known(noAnswerProbability, nameof(noAnswerProbability));
        var words = AnswerText.Words(prediction);
        var answers = references.Select(AnswerText.Words).Where(answer => answer.Count > 0).DefaultIfEmpty([]).ToList();
        _answers.Add(new(
            Exact: answers.Exists(words.SequenceEqual) ? 1 : 0,
            F1: answers.Max(answer => words.Count == 0 || answer.Count == 0 ? words.Count == answer.Count ? 1 : 0 : AnswerText.F1(words, answer)),
            NoAnswerProbability: noAnswerProbability, HasAnswer: references.Count > 0, IsGiven: prediction.Length > 0));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute()
    {
        var values = new Dictionary<string, double>();
        AddMeans(values, "", _answers);
        AddMeans(values, "HasAns_", _answers.FindAll(a => a.HasAnswer));
        AddMeans(values, "NoAns_", _answers.FindAll(a => !a.HasAnswer));
        (values["best_exact"], values["best_exact_thresh"]) = Best(a => a.Exact);
        (values["best_f1"], values["best_f1_thresh"]) = Best(a => a.F1);
        return values;
    }

    /// <inheritdoc/>
    public void Reset() => _answers.Clear();

    private void AddMeans(Dictionary<string, double> values, string prefix, List<Answer> answers)
    {
        if (answers.Count == 0 && prefix.Length > 0)
            return;
        double Mean(Func<Answer, double> score) => 100 * answers.Sum(a => a.NoAnswerProbability > _noAnswerThreshold ? a.HasAnswer ? 0 : 1 : score(a)) / answers.Count;
        (values[prefix + "exact"], values[prefix + "f1"], values[prefix + "total"]) = (Mean(a => a.Exact), Mean(a => a.F1), answers.Count);
    }

    // Begins with no answer for every question and admits answers in the order of the probability of having one.
    private (double Score, double Threshold) Best(Func<Answer, double> score)
    {
        double sum = _answers.Count(a => !a.HasAnswer);
        var (best, threshold) = (sum, 0.0);
        foreach (var answer in _answers.OrderBy(a => a.NoAnswerProbability))
        {
            sum += answer.HasAnswer ? score(answer) : answer.IsGiven ? -1 : 0;
            if (sum > best)
                (best, threshold) = (sum, answer.NoAnswerProbability);
        }
        return (100 * best / _answers.Count, threshold);
    }

    // Some models give scores in place of probabilities.
    private static double Known(double value, string name) =>
        double.IsNaN(value) ? throw new ArgumentOutOfRangeException(name, value, $"squad_v2: {name} is NaN; it should be a number, such as a probability from 0 to 1.") : value;

    private readonly record struct Answer(double Exact, double F1, double NoAnswerProbability, bool HasAnswer, bool IsGiven);
}
