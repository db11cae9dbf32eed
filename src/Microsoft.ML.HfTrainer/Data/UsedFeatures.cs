namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Removes the features that a model does not use before another collator builds the batch.</summary>
/// <param name="collator">The collator that builds the batches.</param>
/// <param name="used">The names of the features to keep.</param>
internal sealed class UsedFeatures(IDataCollator collator, IReadOnlySet<string> used) : IDataCollator
{
    public HfTokenizer? Tokenizer => collator.Tokenizer;

    public bool DrawsRandomNumbers => collator.DrawsRandomNumbers;

    public IReadOnlyCollection<string> InputNames => collator.InputNames;

    public byte[]? RandomState { get => collator.RandomState; set => collator.RandomState = value; }

    public Batch Collate(IReadOnlyList<Example> examples)
    {
        if (examples is [{ Count: > 0 } first, ..] && !first.Keys.Any(used.Contains))
            throw new InvalidDataException(
                $"The examples have {string.Join(", ", first.Keys)}, none of which the model uses; it uses {string.Join(", ", used)}. Rename the features, or set " +
                "TrainingArguments.RemoveUnusedColumns to false.");
        return examples.All(e => e.Keys.All(used.Contains)) ? collator.Collate(examples) : CollateKept(examples);
    }

    private Batch CollateKept(IReadOnlyList<Example> examples)
    {
        try
        {
            return collator.Collate([.. examples.Select(Kept)]);
        }
        catch (Exception inner) when (inner is not OperationCanceledException && Missed(inner, examples) is not null)
        {
            throw new InvalidDataException(
                $"{inner.Message} The examples have '{Missed(inner, examples)}', which was left out because the model does not take it (TrainingArguments.RemoveUnusedColumns); " +
                $"name it in the {nameof(IDataCollator)}.{nameof(InputNames)} of {collator.GetType().Name} to keep it.", inner);
        }
    }

    private string? Missed(Exception failure, IReadOnlyList<Example> examples) =>
        examples[0].Keys.FirstOrDefault(name => !used.Contains(name) && failure.Message.Contains($"'{name}'", StringComparison.Ordinal));

    private Example Kept(Example example) => new(example.Where(feature => used.Contains(feature.Key))) { Origin = example.Origin };
}
