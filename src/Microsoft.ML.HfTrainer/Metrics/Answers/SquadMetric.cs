using Microsoft.ML.HfTrainer.Metrics.Answers;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The metrics of SQuAD 1.1, from 0 to 100: <c>exact_match</c> and the word-level <c>f1</c> of answers. Case, punctuation and articles are ignored, and the best of several
/// correct answers counts. NaN if there are no answers. Keeps two sums.
/// </summary>
public sealed class SquadMetric : ITextMetric
{
    private double _f1;
    private long _exact, _count;

    /// <inheritdoc/>
    public string Name => "squad";

    /// <inheritdoc/>
    public void Add(string prediction, params IReadOnlyList<string> references)
    {
        TextReferences.Require(prediction, references, Name);
        var words = AnswerText.Words(prediction);
        var answers = references.Select(AnswerText.Words).ToList();
        _exact += answers.Exists(words.SequenceEqual) ? 1 : 0;
        _f1 += answers.Max(answer => AnswerText.F1(words, answer));
        _count++;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { ["exact_match"] = 100.0 * _exact / _count, ["f1"] = 100 * _f1 / _count };

    /// <inheritdoc/>
    public void Reset() => (_f1, _exact, _count) = (0, 0, 0);
}
