namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Notes which examples of a dataset are put into each batch, by their index; batches of other datasets are not noted.</summary>
internal sealed class RecordingCollator(IDataCollator collator, IReadOnlyList<Example> examples) : IDataCollator
{
    private readonly Dictionary<object, int> _indices =
        new(examples.Select((example, index) => KeyValuePair.Create((object)example, index)), ReferenceEqualityComparer.Instance);

    /// <summary>The batches so far, as texts that compare by value.</summary>
    public List<string> Batches { get; } = [];

    public HfTokenizer? Tokenizer => collator.Tokenizer;

    public bool DrawsRandomNumbers => collator.DrawsRandomNumbers;

    public Batch Collate(IReadOnlyList<Example> batch)
    {
        if (_indices.ContainsKey(batch[0]))
            Batches.Add(string.Join(' ', batch.Select(e => _indices[e])));
        return collator.Collate(batch);
    }
}
