using Microsoft.ML.HfTrainer.Metrics;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// <c>perplexity</c>: the exponential of the mean cross-entropy of all tokens, computed in double precision. Labels of -100 are ignored; NaN if there are no others.
/// </summary>
/// <param name="shift">true if the logits at a position predict the next token, as in causal language models; false if they predict the token at that position, as in masked language models.</param>
/// <param name="keepSequences">true to keep the perplexity of each sequence (eight bytes each).</param>
public sealed class PerplexityMetric(bool shift = true, bool keepSequences = false) : IEvalMetric
{
    private readonly List<double> _sequences = [];
    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public string Name => "perplexity";

    /// <summary>Gets the mean cross-entropy of all tokens in nats.</summary>
    public double MeanLoss => _sum / _count;

    /// <summary>Gets the perplexity of each sequence in order; NaN for a sequence without labels. Empty unless <c>keepSequences</c> is true.</summary>
    public IReadOnlyList<double> Sequences => _sequences;

    /// <summary>Adds logits and labels.</summary>
    /// <param name="batch">Logits <c>[examples, length, vocabulary]</c> and token ids <c>[examples, length]</c>.</param>
    public void Add(EvalPrediction batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (logits, labels) = (batch.Predictions, EvalInput.Labels(batch, Name));
        if (logits.dim() != 3 || !logits.shape[..2].SequenceEqual(labels.shape))
            throw new ArgumentException($"{Name} needs logits [examples, length, vocabulary] and labels [examples, length]; the predictions are {EvalInput.Shape(logits)} and the labels {EvalInput.Shape(labels)}.", nameof(batch));
        for (var example = 0; example < labels.shape[0]; example++)
        {
            using var scope = NewDisposeScope();
            AddSequence(logits[example], labels[example].to(ScalarType.Int64));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { [Name] = Math.Exp(MeanLoss) };

    /// <inheritdoc/>
    public void Reset()
    {
        (_sum, _count) = (0, 0);
        _sequences.Clear();
    }

    private void AddSequence(Tensor logits, Tensor labels)
    {
        if (shift && labels.shape[0] > 0)
            (logits, labels) = (logits.narrow(0, 0, labels.shape[0] - 1), labels.narrow(0, 1, labels.shape[0] - 1));
        var classes = logits.shape[^1];
        if (Array.Find(labels.data<long>().ToArray(), label => label != Batch.IgnoredLabel && (label < 0 || label >= classes)) is not 0 and var odd)
            throw new ArgumentException($"{Name}: a label is {odd}; with logits of {classes} tokens it has to be from 0 to {classes - 1}, or {Batch.IgnoredLabel}.");
        var sum = nn.functional.cross_entropy(logits.to(ScalarType.Float64), labels, ignore_index: Batch.IgnoredLabel, reduction: nn.Reduction.Sum).item<double>();
        var count = labels.ne(Batch.IgnoredLabel).sum().item<long>();
        _sum += sum;
        _count += count;
        if (keepSequences)
            _sequences.Add(Math.Exp(sum / count));
    }
}
