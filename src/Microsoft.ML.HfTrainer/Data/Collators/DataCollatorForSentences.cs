using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Collates examples of one or several texts, such as a question with its answer, for sentence embedding models: into tensors <c>[batch · texts, length]</c>, in which the texts of an
/// example follow each other, padded to the longest. <see cref="SentenceLoss.ToLossFunction"/> computes a loss from their embeddings.
/// </summary>
/// <remarks>
/// The token features of an example with several texts have one row for each text, <c>prompt_length</c> one number. <c>label</c> or <c>labels</c> becomes <c>labels</c>, <c>[batch, ...]</c>;
/// without it, <c>labels</c> is the index of each example in the batch, which is the index of its own second text in a ranking loss.
/// </remarks>
public sealed class DataCollatorForSentences : IDataCollator
{
    private readonly TokenPadding _padding;

    /// <summary>Creates a collator that pads with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding token id, the padding token type id and the padding side.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is invalid.</exception>
    public DataCollatorForSentences(HfTokenizer tokenizer, int? padToMultipleOf = null)
    {
        _padding = new TokenPadding(tokenizer, PaddingStrategy.Longest, null, padToMultipleOf);
        Tokenizer = tokenizer;
    }

    /// <inheritdoc/>
    public HfTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> InputNames => [SentenceEmbeddingSettings.PromptLengthName];

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var labels = new BatchBuilder(examples).FindLabels("label", "labels", "label_ids");
        var count = TextsOf(examples[0]);
        var texts = _padding.Complete([.. examples.SelectMany((example, row) => Texts(example, row, count, labels))]);
        using var flat = new BatchBuilder(texts).Build(null, _padding.For(texts), null);
        var batch = new Batch { Size = examples.Count, Lengths = flat.Lengths, HasPadding = flat.HasPadding, OwnLabelCount = examples.Count };
        foreach (var (name, tensor) in flat)
            batch[name] = tensor;
        flat.Clear();
        try
        {
            batch[Batch.Labels] = labels is null ? arange(examples.Count, ScalarType.Int64).DetachFromDisposeScope() : LabelsOf(examples, labels);
            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private static Tensor LabelsOf(IReadOnlyList<Example> examples, string name)
    {
        using var batch = new BatchBuilder(examples).Build([name], _ => null, name);
        var labels = batch[Batch.Labels];
        batch.Clear();
        return labels;
    }

    // A list of ids is one text, rows of them are several.
    private static int TextsOf(Example example) => example.TryGetValue("input_ids", out var ids) && HasRows(ids) ? ids.Count : 1;

    private static bool HasRows(Feature ids) => ids.IsRagged || ids.Shape.Count > 1;

    private static IEnumerable<Example> Texts(Example example, int row, int count, string? labels)
    {
        if (!example.TryGetValue("input_ids", out var ids) || !HasRows(ids))
        {
            if (count != 1)
                throw new InvalidDataException($"Example {row} of the batch has {ids.Describe()} in 'input_ids'; it should have a row for each of the {count} texts of the batch's first example.");
            return [new Example(example.Where(feature => feature.Key != labels)) { Origin = example.Origin }];
        }
        if (example.FirstOrDefault(f => f.Key != labels && (f.Value.IsScalar || f.Value.IsDefault || f.Value.Count != count)) is { Key: not null } odd)
            throw new InvalidDataException($"Example {row} of the batch has {odd.Value.Describe()} in '{odd.Key}'; it should have a row for each of the {count} texts of the batch's first example.");
        return Enumerable.Range(0, count).Select(text => new Example(example.Where(f => f.Key != labels).Select(f => KeyValuePair.Create(f.Key, f.Value[text]))) { Origin = example.Origin });
    }
}
