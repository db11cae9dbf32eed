using System.Collections;

namespace Microsoft.ML.HfTrainer;

/// <summary>Examples that can be read in any order.</summary>
public abstract class Dataset : IReadOnlyList<Example>
{
    /// <summary>The number of examples.</summary>
    public abstract int Count { get; }

    /// <summary>The example at an index from 0.</summary>
    public abstract Example this[int index] { get; }

    /// <inheritdoc/>
    public IEnumerator<Example> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A dataset of examples in memory.</summary>
    public static Dataset From(IEnumerable<Example> examples) => new InMemoryDataset([.. examples]);

    private sealed class InMemoryDataset(List<Example> examples) : Dataset
    {
        public override int Count => examples.Count;

        public override Example this[int index] => examples[index];
    }
}
