using Microsoft.ML.HfTrainer.Formats;
using System.Text;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>chrf</c>: the corpus-level F-score of character n-grams (Popović 2015), from 0 to 100, as computed by sacrebleu. With <see cref="WordOrder"/> 2 it is chrF++
/// (Popović 2017), named <c>chrf++</c>. NaN if there are no texts. Keeps three counts per n-gram order.
/// </summary>
public sealed class ChrfMetric : ITextMetric
{
    // The score of an n-gram order that one side lacks.
    private const double Epsilon = 1e-16;

    private readonly NGramCounter _chars = new(), _words = new();
    private Matches[]? _sum;

    /// <inheritdoc/>
    public string Name => "chrf" + new string('+', WordOrder);

    /// <summary>Gets the largest order of character n-grams. Default: 6.</summary>
    public int CharOrder
    {
        get;
        init => field = Bounds.AtLeast(1, value);
    } = 6;

    /// <summary>Gets the largest order of word n-grams; 0 for none. Default: 0.</summary>
    public int WordOrder
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }

    /// <summary>Gets the weight of recall relative to precision. Default: 2.</summary>
    public double Beta
    {
        get;
        init
        {
            if (value is not (> 0 and < double.PositiveInfinity))
                throw new ArgumentOutOfRangeException(nameof(Beta), value, FormattableString.Invariant($"{nameof(Beta)} is {value}; it should be a number above 0."));
            field = value;
        }
    } = 2;

    /// <summary>true to ignore case. Default: false.</summary>
    public bool Lowercase { get; init; }

    /// <summary>true to include whitespace in character n-grams. Default: false.</summary>
    public bool Whitespace { get; init; }

    /// <summary>true to average the F-scores over all orders, with a tiny score for missing ones, instead of over the orders that both sides have. Default: false.</summary>
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

    // Punctuation at the end of a word is a separate word, otherwise punctuation at its beginning.
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
        // If the reference has no n-grams of an order, those of the prediction are not counted.
        public static Matches Of(Dictionary<int, int> predicted, Dictionary<int, int> actual) =>
            new(actual.Count == 0 ? 0 : predicted.Values.Sum(), actual.Values.Sum(), NGramCounter.Matches(predicted, actual));

        public static Matches operator +(Matches a, Matches b) => new(a.Predicted + b.Predicted, a.Actual + b.Actual, a.Both + b.Both);
    }
}
