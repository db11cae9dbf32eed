using Microsoft.ML.HfTrainer.Metrics;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Applies a text metric to the outputs of a model, which are decoded first.</summary>
/// <param name="metric">The metric. It must not be used elsewhere afterwards.</param>
/// <param name="decode">Returns the predicted texts of a batch, each with its references.</param>
public sealed class DecodedTextMetric(ITextMetric metric, Func<EvalPrediction, IEnumerable<(string Prediction, IReadOnlyList<string> References)>> decode) : IEvalMetric
{
    /// <summary>Creates a metric that decodes predictions and labels with a tokenizer, without special tokens and negative ids.</summary>
    /// <param name="metric">The metric. It must not be used elsewhere afterwards.</param>
    /// <param name="tokenizer">The tokenizer. Predictions are token ids <c>[examples, length]</c> or scores <c>[examples, length, vocabulary]</c>.</param>
    public DecodedTextMetric(ITextMetric metric, HfTokenizer tokenizer)
        : this(metric, batch => Decode(batch, metric.Name, tokenizer))
    {
    }

    /// <inheritdoc/>
    public string Name => metric.Name;

    /// <inheritdoc/>
    public void Add(EvalPrediction batch)
    {
        foreach (var (prediction, references) in decode(batch) ?? throw new InvalidOperationException($"{Name}: the function that decodes outputs returned null; return a list of texts."))
            metric.Add(prediction, references);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => metric.Compute();

    /// <inheritdoc/>
    public void Reset() => metric.Reset();

    private static IEnumerable<(string, IReadOnlyList<string>)> Decode(EvalPrediction batch, string metric, HfTokenizer tokenizer)
    {
        using var scope = NewDisposeScope();
        var labels = EvalInput.Labels(batch, metric);
        var ids = batch.Predictions.dim() == 3 ? batch.Predictions.argmax(-1) : batch.Predictions;
        if (ids.dim() != 2 || labels.dim() != 2 || ids.shape[0] != labels.shape[0])
            throw new ArgumentException($"{metric} needs token ids [examples, length] or scores [examples, length, vocabulary], and labels [examples, length]; the predictions are {EvalInput.Shape(batch.Predictions)} and the labels {EvalInput.Shape(labels)}.", nameof(batch));
        return [.. Texts(ids, tokenizer).Zip(Texts(labels, tokenizer), (prediction, reference) => (prediction, (IReadOnlyList<string>)[reference]))];
    }

    private static IEnumerable<string> Texts(Tensor ids, HfTokenizer tokenizer)
    {
        var width = Math.Max(1, (int)ids.shape[1]);
        using var values = ids.to(ScalarType.Int32).cpu().contiguous();
        return [.. values.data<int>().ToArray().Chunk(width).Select(row => tokenizer.Decode(Array.FindAll(row, id => id >= 0)))];
    }
}
