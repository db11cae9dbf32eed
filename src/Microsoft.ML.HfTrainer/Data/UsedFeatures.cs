namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Leaves out the features that a model does not take before a collator makes tensors of the others.</summary>
/// <param name="collator">Makes the batches.</param>
/// <param name="used">The names of the features to keep.</param>
/// <param name="report">Is told once what is left out.</param>
internal sealed class UsedFeatures(IDataCollator collator, IReadOnlySet<string> used, Action<IReadOnlyList<string>> report) : IDataCollator
{
    private int _isReported;

    public HfTokenizer? Tokenizer => collator.Tokenizer;

    public bool DrawsRandomNumbers => collator.DrawsRandomNumbers;

    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var unused = examples.Count == 0 ? [] : examples[0].Keys.Where(name => !used.Contains(name)).ToList();
        if (unused.Count > 0 && Interlocked.Exchange(ref _isReported, 1) == 0)
            report(unused);
        if (unused.Count > 0 && unused.Count == examples[0].Count)
            throw new InvalidDataException(
                $"The examples have {string.Join(", ", unused)}, of which the model takes nothing; it takes {string.Join(", ", used)}. Rename the features, or set " +
                "TrainingArguments.RemoveUnusedColumns to false.");
        return collator.Collate(examples.All(e => e.Keys.All(used.Contains)) ? examples : [.. examples.Select(Kept)]);
    }

    private Example Kept(Example example) => new(example.Where(feature => used.Contains(feature.Key))) { Origin = example.Origin };
}
