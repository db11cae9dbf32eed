using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>rouge1</c>, <c>rouge2</c>, <c>rougeL</c>, <c>rougeLsum</c>: the mean F1 over texts of the words, word bigrams and longest common subsequences that prediction and
/// reference share (Lin 2004), as computed by the Python package rouge_score; NaN if there are no texts. Of several references the best one counts, for each variant
/// separately. Words are lower-cased runs of a-z and 0-9, so that other scripts score 0 without a <see cref="Tokenizer"/> of their own. Keeps one sum per variant.
/// </summary>
/// <param name="useStemmer">true to reduce words of more than three letters to their stems first.</param>
public sealed class RougeMetric(bool useStemmer = false) : ITextMetric
{
    private readonly NGramCounter _grams = new();
    private readonly LongestCommonSubsequence _subsequence = new();
    private readonly Dictionary<string, double> _sums = [];
    private long _texts;

    /// <inheritdoc/>
    public string Name => "rouge";

    /// <summary>
    /// Gets the variants: <c>rouge</c> and a digit for n-grams of that order, <c>rougeL</c> for the longest common subsequence of whole texts, <c>rougeLsum</c> for that of
    /// sentences, which are separated by line breaks.
    /// </summary>
    public IReadOnlyList<string> Kinds
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Kinds));
            foreach (var kind in value)
                if (kind is not ("rougeL" or "rougeLsum" or ['r', 'o', 'u', 'g', 'e', >= '1' and <= '9']))
                    throw new ArgumentException($"'{kind}' is not a kind of ROUGE. Known: rouge1 to rouge9, rougeL, rougeLsum.", nameof(Kinds));
            field = value;
        }
    } = ["rouge1", "rouge2", "rougeL", "rougeLsum"];

    /// <summary>
    /// Gets the function that splits a text into words, in place of lower-cased runs of a-z and 0-9, such as for other scripts. Its words are compared as they are, and <c>useStemmer</c> has no
    /// effect on them. Sentences of <c>rougeLsum</c> are split one by one. Default: null.
    /// </summary>
    public Func<string, IEnumerable<string>>? Tokenizer { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public void Add(string prediction, params IReadOnlyList<string> references)
    {
        TextReferences.Require(prediction, references, Name);
        var scores = references.Select(reference => Score(prediction, reference)).ToList();
        foreach (var kind in Kinds)
            CollectionsMarshal.GetValueRefOrAddDefault(_sums, kind, out _) += scores.Max(s => s[kind].F1);
        _texts++;
    }

    /// <summary>Returns the scores of a single text by variant, without adding it.</summary>
    public IReadOnlyDictionary<string, RougeScore> Score(string prediction, string reference)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(reference);
        _grams.Clear();
        var (predicted, right) = (Words(prediction), Words(reference));
        return Kinds.ToDictionary(kind => kind, kind => kind switch
        {
            "rougeL" => RougeScore.Of(_subsequence.Length(right, predicted), predicted.Length, right.Length),
            "rougeLsum" => OfSentences([.. Lines(prediction).Select(Words)], [.. Lines(reference).Select(Words)]),
            _ => OfGrams(predicted, right, kind[^1] - '0'),
        });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => Kinds.ToDictionary(kind => kind, kind => _sums.GetValueOrDefault(kind) / _texts);

    /// <inheritdoc/>
    public void Reset()
    {
        _sums.Clear();
        _texts = 0;
    }

    private RougeScore OfGrams(int[] predicted, int[] right, int order)
    {
        var matches = NGramCounter.Matches(_grams.Count(predicted, order)[^1], _grams.Count(right, order)[^1]);
        return RougeScore.Of(matches, predicted.Length - order + 1, right.Length - order + 1);
    }

    // Each sentence of the reference is matched with all sentences of the prediction; no word of either side counts more often than it occurs.
    private RougeScore OfSentences(int[][] predicted, int[][] right)
    {
        var (matches, left, leftRight) = (0, Occurrences(predicted), Occurrences(right));
        foreach (var sentence in right)
        {
            var marks = new bool[sentence.Length];
            foreach (var other in predicted)
                _subsequence.Mark(sentence, other, marks);
            for (var i = 0; i < marks.Length; i++)
            {
                var word = sentence[i];
                if (!marks[i] || left.GetValueOrDefault(word) == 0 || leftRight[word] == 0)
                    continue;
                matches++;
                left[word]--;
                leftRight[word]--;
            }
        }
        return RougeScore.Of(matches, predicted.Sum(s => s.Length), right.Sum(s => s.Length));
    }

    private static Dictionary<int, int> Occurrences(int[][] sentences) => sentences.SelectMany(s => s).CountBy(word => word).ToDictionary();

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private int[] Words(string text)
    {
        if (Tokenizer is not null)
            return _grams.Items([.. Tokenizer(text) ?? throw new InvalidOperationException($"{nameof(RougeMetric)}.{nameof(Tokenizer)} returned null for a text; a text without words has an empty list.")]);
        var (lower, words) = (PlainText.Lower(text), new List<string>());
        for (int end, start = 0; start < lower.Length; start = end + 1)
        {
            for (end = start; end < lower.Length && char.IsAsciiLetterOrDigit(lower[end]);)
                end++;
            if (end > start)
                words.Add(useStemmer && end - start > 3 ? PorterStemmer.Stem(lower[start..end]) : lower[start..end]);
        }
        return _grams.Items(words);
    }
}
