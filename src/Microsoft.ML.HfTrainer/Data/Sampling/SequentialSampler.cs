namespace Microsoft.ML.HfTrainer;

/// <summary>Samples examples in the order of the dataset.</summary>
/// <param name="count">The number of examples.</param>
public sealed class SequentialSampler(int count) : Sampler
{
    /// <inheritdoc/>
    public override int Count { get; } = count;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch) => [.. Enumerable.Range(0, Count)];
}
