using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Makes batches <c>[batch, choices, length]</c> of examples whose features have a row for each choice: all choices of all examples are padded to one length.
/// <c>label</c> or <c>labels</c>, the number of the right choice, becomes <c>labels</c>.
/// </summary>
public sealed class DataCollatorForMultipleChoice : IDataCollator
{
    private readonly TokenPadding _padding;

    /// <summary>Pads as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding id, the padding token type and the side.</param>
    /// <param name="padToMultipleOf">Rounds the length up to a multiple; null: not rounded.</param>
    /// <param name="padding">To which length.</param>
    /// <param name="maxLength">The length of <see cref="PaddingStrategy.MaxLength"/>, in tokens; null: the tokenizer's <see cref="HfTokenizer.ModelMaxLength"/>.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is impossible.</exception>
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
            if (name != labels && (feature.IsScalar || feature.IsNothing || feature.Count != choices || name == "input_ids" && feature.Shape.Count < 2))
                throw new InvalidDataException($"Example {row} of the batch has {feature.Describe()} in '{name}'; a row for each of the {choices} choices of the batch's first example is needed.");
        return Enumerable.Range(0, choices).Select(choice =>
        {
            var one = new Example();
            foreach (var (name, feature) in example.Where(f => f.Key != labels))
                one[name] = feature[choice];
            return one;
        });
    }
}
