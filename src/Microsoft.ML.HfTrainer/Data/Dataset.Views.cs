using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

// Views of a dataset: they read from it, so dispose it after them.
public abstract partial class Dataset
{
    /// <summary>Returns a view of the examples at the given indices, in that order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Dataset Select(IEnumerable<int> indices)
    {
        int[] selected = [.. indices];
        foreach (var index in selected)
            if (index < 0 || index >= Count)
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"There is no example {index}; the dataset has {Count} examples.");
        return new SelectedDataset(this, selected);
    }

    /// <summary>Returns a view of the examples that satisfy a condition. Each example is read once to evaluate it.</summary>
    public Dataset Filter(Func<Example, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new SelectedDataset(this, [.. Enumerable.Range(0, Count).Where(i => condition(this[i]))]);
    }

    /// <summary>Returns a view of all examples in a random order determined by the seed.</summary>
    public Dataset Shuffle(int seed) => new SelectedDataset(this, Permutation.Seeded(Count, seed));

    /// <summary>Splits the dataset into a training set and a test set.</summary>
    /// <param name="testShare">The fraction of the examples in the test set, between 0 and 1; their number is rounded up.</param>
    /// <param name="seed">The seed of a random split. If null, the last examples form the test set.</param>
    /// <exception cref="ArgumentException">One of the sets would be empty.</exception>
    public (Dataset Train, Dataset Test) Split(double testShare, int? seed = null)
    {
        var test = testShare is > 0 and < 1 ? (int)Math.Ceiling(Count * testShare) : 0;
        if (test == 0 || test == Count)
            throw new ArgumentException(FormattableString.Invariant($"A testShare of {testShare} leaves one part of the {Count} examples empty; it should be between 0 and 1 and give each part at least one example."), nameof(testShare));
        var order = seed is { } own ? Permutation.Seeded(Count, own) : [.. Enumerable.Range(0, Count)];
        return (new SelectedDataset(this, order[..^test]), new SelectedDataset(this, order[^test..]));
    }

    private sealed class SelectedDataset(Dataset dataset, int[] indices) : Dataset
    {
        public override int Count => indices.Length;

        internal override string? Source => dataset.Source;

        internal override bool MayStall => dataset.MayStall;

        public override Example this[int index] => dataset[indices[index]];
    }
}
