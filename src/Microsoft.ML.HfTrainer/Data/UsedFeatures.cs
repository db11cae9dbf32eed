namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Removes the features that a model does not use before another collator builds the batch.</summary>
/// <param name="collator">The collator that builds the batches.</param>
/// <param name="used">The names of the features to keep.</param>
internal sealed class UsedFeatures(IDataCollator collator, IReadOnlySet<string> used) : IDataCollator
{
    public HfTokenizer? Tokenizer => collator.Tokenizer;

    public bool DrawsRandomNumbers => collator.DrawsRandomNumbers;

    public Batch Collate(IReadOnlyList<Example> examples)
    {
        if (examples is [{ Count: > 0 } first, ..] && !first.Keys.Any(used.Contains))
            throw new InvalidDataException(
                $"The examples have {string.Join(", ", first.Keys)}, none of which the model uses; it uses {string.Join(", ", used)}. Rename the features, or set " +
                "TrainingArguments.RemoveUnusedColumns to false.");
        return collator.Collate(examples.All(e => e.Keys.All(used.Contains)) ? examples : [.. examples.Select(Kept)]);
    }

    private Example Kept(Example example) => new(example.Where(feature => used.Contains(feature.Key))) { Origin = example.Origin };
}
