using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

// Parts and orders of a dataset. They read from it, so it is disposed after them.
public abstract partial class Dataset
{
    /// <summary>Some of the examples, in the order of these indices.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no example at an index.</exception>
    public Dataset Select(IEnumerable<int> indices)
    {
        int[] selected = [.. indices];
        foreach (var index in selected)
            if (index < 0 || index >= Count)
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"There is no example {index}; the dataset has those from 0 to {Count - 1}.");
        return new SelectedDataset(this, selected);
    }

    /// <summary>The examples for which a condition holds. Each is read once to find out.</summary>
    public Dataset Filter(Func<Example, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new SelectedDataset(this, [.. Enumerable.Range(0, Count).Where(i => condition(this[i]))]);
    }

    /// <summary>All examples in a random order that the seed decides.</summary>
    public Dataset Shuffle(int seed) => new SelectedDataset(this, Permutation.Seeded(Count, seed));

    /// <summary>Two parts at random: one to train on and one to test with.</summary>
    /// <param name="testShare">The share of the examples that are to test with, between 0 and 1; their number is rounded up.</param>
    /// <param name="seed">Decides which; null: the last ones.</param>
    /// <exception cref="ArgumentException">A part would have no examples.</exception>
    public (Dataset Train, Dataset Test) Split(double testShare, int? seed = null)
    {
        var test = testShare is > 0 and < 1 ? (int)Math.Ceiling(Count * testShare) : 0;
        if (test == 0 || test == Count)
            throw new ArgumentException($"A share of {testShare} of {Count} examples leaves one part empty; it should be between 0 and 1, and give both at least one example.", nameof(testShare));
        var order = seed is { } own ? Permutation.Seeded(Count, own) : [.. Enumerable.Range(0, Count)];
        return (new SelectedDataset(this, order[..^test]), new SelectedDataset(this, order[^test..]));
    }

    private sealed class SelectedDataset(Dataset dataset, int[] indices) : Dataset
    {
        public override int Count => indices.Length;

        public override Example this[int index] => dataset[indices[index]];
    }
}
