using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Collates examples for multiple choice, whose features have one row per choice, into batches of shape <c>[batch, choices, length]</c>. All choices of all examples
/// are padded to the same length. <c>label</c> or <c>labels</c>, the index of the correct choice, becomes <c>labels</c>.
/// </summary>
public sealed class DataCollatorForMultipleChoice : IDataCollator
{
    private readonly TokenPadding _padding;

    /// <summary>Creates a collator that pads with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding token id, the padding token type id and the padding side.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    /// <param name="padding">The padding strategy. Default: <see cref="PaddingStrategy.Longest"/>.</param>
    /// <param name="maxLength">The length in tokens for <see cref="PaddingStrategy.MaxLength"/>. If null, <see cref="HfTokenizer.ModelMaxLength"/>. Default: null.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is invalid.</exception>
    public DataCollatorForMultipleChoice(HfTokenizer tokenizer, int? padToMultipleOf = null, PaddingStrategy padding = PaddingStrategy.Longest, int? maxLength = null)
    {
        _padding = new TokenPadding(tokenizer, padding, maxLength, padToMultipleOf);
        Tokenizer = tokenizer;
    }

    /// <inheritdoc/>
    public HfTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var labels = new BatchBuilder(examples).FindLabels("label", "labels");
        var choices = examples[0].TryGetValue("input_ids", out var ids) ? ids.Count : 0;
        var complete = _padding.Complete([.. examples.SelectMany((example, row) => Choices(example, row, choices, labels))]);
        using var flat = new BatchBuilder(complete).Build(null, _padding.For(complete), null);
        var batch = new Batch { Size = examples.Count, Lengths = flat.Lengths, HasPadding = flat.HasPadding };
        foreach (var (name, tensor) in flat)
            batch[name] = tensor.view(examples.Count, choices, -1).DetachFromDisposeScope();
        if (labels is null)
            return batch;
        using var answers = new BatchBuilder(examples).Build([labels], _ => null, labels);
        batch[Batch.Labels] = answers[Batch.Labels].alias().DetachFromDisposeScope();
        batch.OwnLabelCount = answers.OwnLabelCount;
        return batch;
    }

    private static IEnumerable<Example> Choices(Example example, int row, int choices, string? labels)
    {
        foreach (var (name, feature) in example)
            if (name != labels && (feature.IsScalar || feature.IsDefault || feature.Count != choices || name == "input_ids" && feature.Shape.Count < 2))
                throw new InvalidDataException($"Example {row} of the batch has {feature.Describe()} in '{name}'; it should have a row for each of the {choices} choices of the batch's first example.");
        return Enumerable.Range(0, choices).Select(choice =>
        {
            var one = new Example();
            foreach (var (name, feature) in example.Where(f => f.Key != labels))
                one[name] = feature[choice];
            return one;
        });
    }
}
