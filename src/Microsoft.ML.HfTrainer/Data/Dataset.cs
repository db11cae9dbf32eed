using System.Collections;

namespace Microsoft.ML.HfTrainer;

/// <summary>Examples that can be read in any order, from several threads at once.</summary>
/// <remarks>Data whose length is not known beforehand, or that can only be read from its beginning, is an <see cref="IterableDataset"/>.</remarks>
public abstract partial class Dataset : IReadOnlyList<Example>, IDisposable
{
    /// <summary>The number of examples.</summary>
    /// <exception cref="NotSupportedException">It is an <see cref="IterableDataset"/>.</exception>
    public abstract int Count { get; }

    /// <summary>The number of examples; null where it is not known before they have all been read.</summary>
    public virtual int? KnownCount => Count;

    /// <summary>The example at an index from 0.</summary>
    public abstract Example this[int index] { get; }

    /// <inheritdoc/>
    public virtual IEnumerator<Example> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A dataset of examples in memory.</summary>
    public static Dataset From(IEnumerable<Example> examples) => new InMemoryDataset([.. examples]);

    /// <summary>Gives back what the dataset holds: memory, and a temporary file if it outgrew its budget.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the dataset holds.</summary>
    /// <param name="disposing">True where <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class InMemoryDataset(List<Example> examples) : Dataset
    {
        public override int Count => examples.Count;

        public override Example this[int index] => examples[index];
    }
}
