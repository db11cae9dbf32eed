using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>bleu</c>: corpus BLEU (Papineni et al. 2002), from 0 to 100, as computed by sacrebleu; 0 if nothing matches, NaN if there are no texts. Also returns
/// <c>bleu_precision_1</c> and so on, <c>bleu_bp</c> (the brevity penalty), <c>bleu_sys_len</c> and <c>bleu_ref_len</c>. Keeps a few counts.
/// </summary>
public sealed class BleuMetric : ITextMetric
{
    // Used in place of the logarithm of 0.
    private const double LogOfZero = -9999999999;

    private readonly NGramCounter _grams = new();
    private long[]? _counts, _totals;
    private long _systemLength, _referenceLength, _texts;

    /// <inheritdoc/>
    public string Name => "bleu";

    /// <summary>Gets the tokenizer, which splits texts into words. Default: <c>13a</c>.</summary>
    public BleuTokenizer Tokenizer { get; init; } = BleuTokenizer.Western;

    /// <summary>true to ignore case. Default: false.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Gets the smoothing of n-gram orders without a match. Default: <see cref="BleuSmoothing.Exponential"/>.</summary>
    public BleuSmoothing Smoothing { get; init; }

    /// <summary>Gets the parameter of <see cref="BleuSmoothing.Floor"/> and <see cref="BleuSmoothing.AddK"/>. If null, 0.1 and 1. Default: null.</summary>
    public double? SmoothValue
    {
        get;
        init
        {
            if (value is not (null or >= 0 and < double.PositiveInfinity))
                throw new ArgumentOutOfRangeException(nameof(SmoothValue), value, FormattableString.Invariant($"{nameof(SmoothValue)} is {value}; it should be a number from 0 up, or null."));
            field = value;
        }
    }

    /// <summary>Gets the largest n-gram order. Default: 4.</summary>
    public int MaxOrder
    {
        get;
        init => field = Bounds.AtLeast(1, value);
    } = 4;

    /// <summary>true to exclude n-gram orders that the predictions are too short for from the mean, as is usual for single sentences. Default: false.</summary>
    public bool EffectiveOrder { get; init; }

    /// <inheritdoc/>
    public void Add(string prediction, params IReadOnlyList<string> references)
    {
        TextReferences.Require(prediction, references, Name);
        _grams.Clear();
        var words = Words(prediction);
        var grams = _grams.Count(words, MaxOrder);
        var (best, nearest) = (default(Dictionary<int, int>[]), -1);
        foreach (var reference in references)
        {
            var right = Words(reference);
            if (nearest < 0 || (Math.Abs(right.Length - words.Length), right.Length).CompareTo((Math.Abs(nearest - words.Length), nearest)) < 0)
                nearest = right.Length;
            best = Most(best, _grams.Count(right, MaxOrder));
        }
        (_counts, _totals) = (_counts ?? new long[MaxOrder], _totals ?? new long[MaxOrder]);
        for (var i = 0; i < MaxOrder; i++)
        {
            _counts[i] += NGramCounter.Matches(grams[i], best![i]);
            _totals[i] += Math.Max(0, words.Length - i);
        }
        _systemLength += words.Length;
        _referenceLength += nearest;
        _texts++;
    }

    /// <summary>Returns the corpus BLEU score of all texts added so far, with its components.</summary>
    public BleuScore Score()
    {
        var (counts, totals) = (Array.ConvertAll(_counts ?? new long[MaxOrder], n => (double)n), Array.ConvertAll(_totals ?? new long[MaxOrder], n => (double)n));
        var penalty = _systemLength >= _referenceLength ? 1 : _systemLength > 0 ? Math.Exp(1 - _referenceLength / (double)_systemLength) : 0;
        var precisions = new double[MaxOrder];
        var score = _texts == 0 ? double.NaN : counts.All(n => n == 0) ? 0 : penalty * Math.Exp(MeanLog(counts, totals, precisions));
        return new(score, counts, totals, precisions, penalty, _systemLength, _referenceLength);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute()
    {
        var score = Score();
        var values = new Dictionary<string, double> { ["bleu"] = score.Score };
        for (var i = 0; i < MaxOrder; i++)
            values[$"bleu_precision_{i + 1}"] = score.Precisions[i];
        (values["bleu_bp"], values["bleu_sys_len"], values["bleu_ref_len"]) = (score.BrevityPenalty, score.SystemLength, score.ReferenceLength);
        return values;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        (_counts, _totals) = (null, null);
        (_systemLength, _referenceLength, _texts) = (0, 0, 0);
    }

    private int[] Words(string text)
    {
        var trimmed = PlainText.TrimEnd(Lowercase ? PlainText.Lower(text) : text);
        return _grams.Items(Tokenizer.Split(trimmed));
    }

    // Smooths the counts, fills in the precisions and returns the mean of their logarithms.
    private double MeanLog(double[] counts, double[] totals, double[] precisions)
    {
        var (value, missing, used) = (SmoothValue ?? (Smoothing == BleuSmoothing.Floor ? 0.1 : 1), 1.0, MaxOrder);
        for (var i = 0; i < MaxOrder; i++)
        {
            if (Smoothing == BleuSmoothing.AddK && i > 0)
                (counts[i], totals[i]) = (counts[i] + value, totals[i] + value);
            if (totals[i] == 0)
                break;
            if (EffectiveOrder)
                used = i + 1;
            var matches = (counts[i], Smoothing) switch
            {
                (0, BleuSmoothing.Exponential) => 1 / (missing *= 2),
                (0, BleuSmoothing.Floor) => value,
                var (count, _) => count,
            };
            precisions[i] = 100 * matches / totals[i];
        }
        return precisions.Take(used).Sum(p => p == 0 ? LogOfZero : Math.Log(p)) / used;
    }

    private static Dictionary<int, int>[] Most(Dictionary<int, int>[]? a, Dictionary<int, int>[] b)
    {
        for (var i = 0; i < a?.Length; i++)
        {
            foreach (var (gram, count) in a[i])
                b[i][gram] = Math.Max(count, b[i].GetValueOrDefault(gram));
        }
        return b;
    }
}
