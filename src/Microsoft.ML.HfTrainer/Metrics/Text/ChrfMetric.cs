using System.Text;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>chrf</c>: the F-score of character n-grams of a whole set of texts (Popović 2015), from 0 to 100, as sacrebleu computes it; with
/// <see cref="WordOrder"/> 2 it is chrF++ (Popović 2017), under the name <c>chrf++</c>. NaN where there are no texts. It keeps three counts for each n-gram length.
/// </summary>
public sealed class ChrfMetric : ITextMetric
{
    // Stands for the score of an n-gram length that one side lacks.
    private const double Epsilon = 1e-16;

    private readonly NGramCounter _chars = new(), _words = new();
    private Matches[]? _sum;

    /// <inheritdoc/>
    public string Name => "chrf" + new string('+', WordOrder);

    /// <summary>The longest n-grams of characters.</summary>
    public int CharOrder { get; init; } = 6;

    /// <summary>The longest n-grams of words; 0: none.</summary>
    public int WordOrder { get; init; }

    /// <summary>How much more recall counts than precision.</summary>
    public double Beta { get; init; } = 2;

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether blanks are characters of n-grams.</summary>
    public bool Whitespace { get; init; }

    /// <summary>Whether the mean of F-scores is taken over all lengths, with a tiny score for one that is missing, instead of over the lengths that both sides have.</summary>
    public bool EpsilonSmoothing { get; init; }

    /// <inheritdoc/>
    public void Add(string prediction, params IReadOnlyList<string> references)
    {
        TextReferences.Require(prediction, references, Name);
        _chars.Clear();
        _words.Clear();
        var grams = Grams(prediction);
        var (best, highest) = (new Matches[CharOrder + WordOrder], double.NegativeInfinity);
        foreach (var reference in references)
        {
            var matches = grams.Zip(Grams(reference), Matches.Of).ToArray();
            if (Score(matches) is var score && score > highest)
                (best, highest) = (matches, score);
        }
        _sum = _sum is null ? best : [.. _sum.Zip(best, (a, b) => a + b)];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { [Name] = _sum is null ? double.NaN : Score(_sum) };

    /// <inheritdoc/>
    public void Reset() => _sum = null;

    private double Score(Matches[] orders)
    {
        var (factor, sum, precision, recall, shared) = (Beta * Beta, 0.0, 0.0, 0.0, 0);
        foreach (var (predicted, actual, both) in orders)
        {
            var p = predicted > 0 ? both / (double)predicted : Epsilon;
            var r = actual > 0 ? both / (double)actual : Epsilon;
            sum += factor * p + r > 0 ? (1 + factor) * p * r / (factor * p + r) : Epsilon;
            if (predicted > 0 && actual > 0)
                (precision, recall, shared) = (precision + p, recall + r, shared + 1);
        }
        if (EpsilonSmoothing)
            return 100 * sum / orders.Length;
        if (precision + recall == 0)
            return 0;
        (precision, recall) = (precision / shared, recall / shared);
        return 100 * (1 + factor) * precision * recall / (factor * precision + recall);
    }

    private IEnumerable<Dictionary<int, int>> Grams(string text)
    {
        var plain = Lowercase ? PlainText.Lower(text) : text;
        int[] chars = [.. PlainText.Runes(plain).Where(r => Whitespace || !(r.IsBmp && PlainText.IsBlank((char)r.Value))).Select(r => r.Value)];
        var grams = _chars.Count(chars, CharOrder);
        return WordOrder == 0 ? grams : grams.Concat(_words.Count(_words.Items(Words(plain)), WordOrder));
    }

    // Punctuation at the end of a word is a word of its own, or else one at its beginning.
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        foreach (var word in PlainText.Split(text))
        {
            var single = word.Length == 1 || word.Length == 2 && Rune.DecodeFromUtf16(word, out _, out var width) == System.Buffers.OperationStatus.Done && width == 2;
            var at = single ? 0 : PlainText.IsPunctuation(word[^1]) ? word.Length - 1 : PlainText.IsPunctuation(word[0]) ? 1 : 0;
            if (at > 0)
                words.Add(word[..at]);
            words.Add(word[at..]);
        }
        return words;
    }

    private readonly record struct Matches(long Predicted, long Actual, long Both)
    {
        // Where the reference has no n-gram of a length, those of the prediction do not count.
        public static Matches Of(Dictionary<int, int> predicted, Dictionary<int, int> actual) =>
            new(actual.Count == 0 ? 0 : predicted.Values.Sum(), actual.Values.Sum(), NGramCounter.Matches(predicted, actual));

        public static Matches operator +(Matches a, Matches b) => new(a.Predicted + b.Predicted, a.Actual + b.Actual, a.Both + b.Both);
    }
}
